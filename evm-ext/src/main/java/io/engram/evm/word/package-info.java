/** 256-bit arithmetic on four longs, without allocation. */
@NullMarked
package io.engram.evm.word;

import org.jspecify.annotations.NullMarked;
