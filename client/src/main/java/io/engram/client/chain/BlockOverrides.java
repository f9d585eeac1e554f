package io.engram.client.chain;

import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.Wei;
import java.util.Optional;

/**
 * Values of a block in place of those that the rules give, for development networks. No other node imports a block
 * with a coinbase, base fee or randomness of this kind.
 *
 * @param coinbase in place of the proposer
 * @param randomness prevRandao
 */
public record BlockOverrides(
        Optional<Long> gasLimit, Optional<Address> coinbase, Optional<Wei> baseFee, Optional<Hash> randomness) {

    public static final BlockOverrides NONE =
            new BlockOverrides(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    /** The part that is not for one block only. */
    public BlockOverrides lasting() {
        return new BlockOverrides(gasLimit, coinbase, Optional.empty(), Optional.empty());
    }
}
