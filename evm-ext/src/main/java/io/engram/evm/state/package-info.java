/** The state the EVM reads and the changes it produces. */
@NullMarked
package io.engram.evm.state;

import org.jspecify.annotations.NullMarked;
