package io.engram.client.consensus;

import io.engram.genesis.Address;
import io.engram.genesis.block.BlockHeader;
import io.engram.genesis.config.QbftConfig;
import io.engram.genesis.qbft.QbftExtraDataCodec;
import io.engram.genesis.rlp.RlpException;
import java.util.List;

/**
 * The validators that headers list: those of the parent, unless a transition of the genesis file replaces them. Votes
 * are refused by {@link QbftHeaderRules}, so that the list changes in no other way. Thread-safe.
 */
public final class HeaderValidators implements ValidatorProvider {

    private final QbftConfig config;

    /** @throws IllegalArgumentException when a contract names the validators, which is not supported */
    public HeaderValidators(QbftConfig config) {
        boolean byContract = config.validatorContract().isPresent()
                || config.transitions().stream()
                        .flatMap(transition -> transition.validatorSelection().stream())
                        .anyMatch(selection -> selection.contract().isPresent());
        if (byContract) {
            throw new IllegalArgumentException(
                    "qbft.validatorcontractaddress: validators named by a contract are not supported");
        }
        this.config = config;
    }

    @Override
    public ValidatorSet after(BlockHeader parent) {
        List<Address> validators = config.validatorOverride(parent.number() + 1).orElseGet(() -> listed(parent));
        return new ValidatorSet(validators);
    }

    private static List<Address> listed(BlockHeader header) {
        try {
            return QbftExtraDataCodec.decode(header.extraData()).validators();
        } catch (RlpException e) {
            throw new IllegalArgumentException("block " + header.number() + " has no QBFT extra data", e);
        }
    }
}
