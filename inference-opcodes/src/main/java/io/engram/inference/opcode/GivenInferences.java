package io.engram.inference.opcode;

import io.engram.genesis.Hash;
import io.engram.inference.engine.Inference;
import io.engram.inference.model.ModelFacts;
import java.util.List;

/** Results that take the place of running a model. Used by one thread, for one execution of one block. */
public interface GivenInferences {

    /**
     * The results of the next call of the block.
     *
     * @param samples the call data: one sample after another
     * @return one for each sample, in order
     * @throws io.engram.evm.LocalFaultException when none is given for these samples
     */
    List<Inference> next(Hash modelId, ModelFacts facts, byte[] samples);
}
