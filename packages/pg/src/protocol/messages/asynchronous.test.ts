import {test} from 'node:test';

import {checkMessage} from '../testing/check-message';
import {
  readNotificationResponse,
  readParameterStatus,
  writeNotificationResponse,
  writeParameterStatus,
} from './asynchronous';

test('ParameterStatus', () => {
  checkMessage({
    write: (w) => writeParameterStatus(w, 'TimeZone', 'Europe/Zürich'),
    read: readParameterStatus,
    expected: {name: 'TimeZone', value: 'Europe/Zürich'},
  });
});

test('NotificationResponse', () => {
  const expected = {processId: 4_000_000_000, channel: 'jobs', payload: '{"id":1}'};
  checkMessage({
    write: (w) => writeNotificationResponse(w, expected),
    read: readNotificationResponse,
    expected,
  });
});
