/** Tests. */
@NullMarked
package io.engram.evm.operation;

import org.jspecify.annotations.NullMarked;
