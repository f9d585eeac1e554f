/** Forks and when they activate. */
@NullMarked
package io.engram.genesis.fork;

import org.jspecify.annotations.NullMarked;
