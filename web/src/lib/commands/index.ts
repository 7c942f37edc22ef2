export { command, type Command } from './command'
export { ariaKey, keyParts, useKeyboard } from './keyboard'
export { useBoundCommands, useCommands, type BoundCommand } from './registry'
