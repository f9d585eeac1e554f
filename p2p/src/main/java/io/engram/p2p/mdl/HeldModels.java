package io.engram.p2p.mdl;

import io.engram.genesis.Hash;
import java.util.Set;

/**
 * What a node says it holds.
 *
 * @param activeRoot root of the set of those that are active on the chain
 * @param models all that it serves, active or not
 */
public record HeldModels(Hash activeRoot, Set<Hash> models) {
    public HeldModels {
        models = Set.copyOf(models);
    }
}
