/** States held in memory, for tests and tools. */
@NullMarked
package io.engram.evm.memory;

import org.jspecify.annotations.NullMarked;
