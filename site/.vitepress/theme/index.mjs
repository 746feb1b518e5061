/** The theme of VitePress, with what its front page lacks. */
import DefaultTheme from 'vitepress/theme';
import './site.css';

export default DefaultTheme;
