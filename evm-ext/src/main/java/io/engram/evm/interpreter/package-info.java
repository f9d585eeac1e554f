/** Frames, the interpreters that run them and the loop that joins frames into a message call. */
@NullMarked
package io.engram.evm.interpreter;

import org.jspecify.annotations.NullMarked;
