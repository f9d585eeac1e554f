package io.engram.client.chain;

import io.engram.client.model.RegistryDirectory;
import io.engram.evm.LocalFaultException;
import io.engram.evm.state.StateReader;
import io.engram.genesis.Hash;
import io.engram.genesis.config.InferenceConfig;
import io.engram.genesis.system.SystemContracts;
import io.engram.inference.engine.InferenceEngine;
import io.engram.inference.opcode.InferenceBlock;
import io.engram.inference.opcode.InferenceTerms;
import io.engram.inference.opcode.ModelSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What this node runs models with.
 *
 * @param models the model files it holds
 */
public record InferenceSupport(InferenceEngine engine, ModelSource models) {

    private static final Logger LOG = LoggerFactory.getLogger(InferenceSupport.class);

    /** Whether the model is here and sound. */
    boolean canLoad(Hash modelId) {
        try {
            return models.load(modelId).id().equals(modelId);
        } catch (LocalFaultException e) {
            LOG.debug("Calls are left out of a block: {}", e.getMessage());
            return false;
        }
    }

    /** The inferences of a block, or of a call as if in that block. */
    InferenceBlock begin(InferenceConfig config, StateReader parentState, long number, InferenceTerms terms) {
        return new InferenceBlock(
                config,
                new RegistryDirectory(parentState, SystemContracts.MODEL_REGISTRY, number),
                models,
                engine,
                terms);
    }
}
