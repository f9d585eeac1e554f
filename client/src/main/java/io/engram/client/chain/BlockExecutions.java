package io.engram.client.chain;

import io.engram.client.consensus.ValidatorProvider;
import io.engram.genesis.Hash;
import io.engram.genesis.block.BlockHeader;
import io.engram.inference.opcode.InferenceTerms;
import java.util.Optional;

/** Starts the execution of blocks of one chain. Thread-safe. */
public final class BlockExecutions {

    private final ChainRules rules;
    private final EvmFactory evm;
    private final ValidatorProvider validators;
    private final Optional<InferenceSupport> inference;

    /**
     * @param validators asked on QBFT chains only
     * @param inference must be present where the rules have inference
     */
    public BlockExecutions(
            ChainRules rules, EvmFactory evm, ValidatorProvider validators, Optional<InferenceSupport> inference) {
        if (rules.inference().isPresent() && inference.isEmpty()) {
            throw new IllegalArgumentException("the chain has neural networks, and nothing to run them was given");
        }
        this.rules = rules;
        this.evm = evm;
        this.validators = validators;
        this.inference = inference;
    }

    /** Whether this node can load the model now; where it cannot, the model is asked for. */
    boolean canRun(Hash modelId) {
        return inference.filter(support -> support.canLoad(modelId)).isPresent();
    }

    /**
     * Starts a block: everything that happens before its first transaction has happened.
     *
     * @param header number, times, gas limit, coinbase, fees and roots that the block's code can see; the rest is not
     *     looked at
     */
    BlockExecution begin(BlockHeader header, ParentState parent) throws InvalidBlockException {
        return begin(header, parent, InferenceTerms.CONSENSUS);
    }

    /** As {@link #begin(BlockHeader, ParentState)}, with inferences on other terms than a block's. */
    BlockExecution begin(BlockHeader header, ParentState parent, InferenceTerms terms) throws InvalidBlockException {
        BlockExecution execution = new BlockExecution(
                rules,
                evm,
                header,
                parent,
                inference,
                terms,
                rules.isQbft() ? Optional.of(validators.after(parent.head().header())) : Optional.empty());
        execution.begin();
        return execution;
    }
}
