package io.engram.client.node;

import io.engram.client.consensus.ValidatorProvider;
import io.engram.client.consensus.ValidatorSet;
import io.engram.genesis.block.BlockHeader;
import io.engram.genesis.config.QbftConfig;
import io.engram.genesis.qbft.QbftExtraDataCodec;
import io.engram.genesis.rlp.RlpException;
import java.util.List;
import java.util.Optional;

/**
 * The validators that a block's extra data names stay in force in the next block, unless the genesis file overrides them
 * there. Votes are not counted: a chain with one validator holds none.
 */
public final class HeaderValidators implements ValidatorProvider {

    private final Optional<QbftConfig> qbft;

    public HeaderValidators(Optional<QbftConfig> qbft) {
        this.qbft = qbft;
    }

    @Override
    public ValidatorSet after(BlockHeader parent) {
        return qbft.flatMap(config -> config.validatorOverride(parent.number() + 1))
                .map(ValidatorSet::new)
                .orElseGet(() -> ofHeader(parent));
    }

    private static ValidatorSet ofHeader(BlockHeader parent) {
        try {
            return new ValidatorSet(
                    List.copyOf(QbftExtraDataCodec.decode(parent.extraData()).validators()));
        } catch (RlpException e) {
            throw new IllegalStateException("block " + parent.number() + " of the chain has no QBFT extra data", e);
        }
    }
}
