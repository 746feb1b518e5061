/** Whether a program is on the PATH. */
import {accessSync, constants} from 'node:fs';
import {delimiter, join} from 'node:path';

export function isInstalled(program: string, path = ''): boolean {
  return path.split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
