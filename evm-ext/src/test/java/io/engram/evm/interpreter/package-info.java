/** Tests. */
@NullMarked
package io.engram.evm.interpreter;

import org.jspecify.annotations.NullMarked;
