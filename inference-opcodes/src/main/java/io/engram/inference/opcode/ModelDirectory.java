package io.engram.inference.opcode;

import io.engram.genesis.Hash;
import java.util.Optional;

/** The registry as the parent block left it, seen from the block that is being executed (protocol C2). */
@FunctionalInterface
public interface ModelDirectory {

    /**
     * @return empty when the registry has no such model or its facts are not those of any model
     * @throws io.engram.evm.LocalFaultException when the state cannot be read
     */
    Optional<ModelEntry> find(Hash modelId);
}
