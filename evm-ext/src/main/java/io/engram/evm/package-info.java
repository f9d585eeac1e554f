/** The EVM: executes messages and transactions against a world state. Knows nothing of networks, disks or models. */
@NullMarked
package io.engram.evm;

import org.jspecify.annotations.NullMarked;
