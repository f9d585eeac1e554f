package io.engram.evm.state;

import java.util.Map;
import java.util.Optional;
import org.apache.tuweni.units.bigints.UInt256;

/**
 * What happened to one account.
 *
 * @param account the account afterwards; absent when it no longer exists
 * @param storageCleared whether all slots of the earlier state are gone before {@code storage} applies
 * @param storage the slots that changed and their values afterwards; zero deletes
 */
public record AccountChange(Optional<Account> account, boolean storageCleared, Map<UInt256, UInt256> storage) {
    public AccountChange {
        storage = Map.copyOf(storage);
    }
}
