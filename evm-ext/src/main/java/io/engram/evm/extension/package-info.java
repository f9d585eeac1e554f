/** How another module contributes operations to the EVM. */
@NullMarked
package io.engram.evm.extension;

import org.jspecify.annotations.NullMarked;
