/** Tests. */
@NullMarked
package io.engram.evm.tracer;

import org.jspecify.annotations.NullMarked;
