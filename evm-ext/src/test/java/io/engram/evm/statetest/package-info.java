/** Measures the interpreter. */
@NullMarked
package io.engram.evm.statetest;

import org.jspecify.annotations.NullMarked;
