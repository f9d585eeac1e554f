/** Tests. */
@NullMarked
package io.engram.evm.transaction;

import org.jspecify.annotations.NullMarked;
