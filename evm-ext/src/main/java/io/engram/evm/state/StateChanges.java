package io.engram.evm.state;

import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import java.util.Map;
import org.apache.tuweni.bytes.Bytes;

/**
 * The difference between two states, enough to compute the new state root from the old trie.
 *
 * @param accounts every account that changed, appeared or went away; an unchanged account may be present
 * @param code code deployed, by hash
 */
public record StateChanges(Map<Address, AccountChange> accounts, Map<Hash, Bytes> code) {

    public static final StateChanges NONE = new StateChanges(Map.of(), Map.of());

    public StateChanges {
        accounts = Map.copyOf(accounts);
        code = Map.copyOf(code);
    }
}
