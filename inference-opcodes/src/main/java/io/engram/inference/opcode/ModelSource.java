package io.engram.inference.opcode;

import io.engram.genesis.Hash;
import io.engram.inference.model.Model;

/** The models that this node holds. Thread-safe. */
@FunctionalInterface
public interface ModelSource {

    /** @throws io.engram.evm.LocalFaultException when this node does not hold the model */
    Model load(Hash modelId);
}
