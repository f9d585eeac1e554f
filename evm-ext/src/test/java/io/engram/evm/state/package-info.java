/** Tests. */
@NullMarked
package io.engram.evm.state;

import org.jspecify.annotations.NullMarked;
