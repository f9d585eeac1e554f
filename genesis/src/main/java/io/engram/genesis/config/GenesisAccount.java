package io.engram.genesis.config;

import io.engram.genesis.Wei;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.units.bigints.UInt256;

/**
 * An account that exists from genesis on.
 *
 * @param nonce unsigned 64-bit
 * @param storage slot to value, without zero values
 */
public record GenesisAccount(Wei balance, long nonce, Bytes code, SortedMap<UInt256, UInt256> storage) {
    public GenesisAccount {
        TreeMap<UInt256, UInt256> present = new TreeMap<>(storage);
        present.values().removeIf(UInt256::isZero);
        storage = Collections.unmodifiableSortedMap(present);
    }

    public static GenesisAccount withBalance(Wei balance) {
        return new GenesisAccount(balance, 0, Bytes.EMPTY, Collections.emptySortedMap());
    }
}
