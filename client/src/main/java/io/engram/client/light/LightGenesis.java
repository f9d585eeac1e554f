package io.engram.client.light;

import io.engram.client.chain.GenesisState;
import io.engram.client.consensus.ValidatorSet;
import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.block.BlockHeader;
import io.engram.genesis.config.ChainConfig;
import io.engram.genesis.config.GenesisFile;
import io.engram.genesis.config.InferenceConfig;
import io.engram.genesis.config.InvalidGenesisException;
import io.engram.genesis.config.QbftConfig;
import io.engram.genesis.qbft.QbftExtraDataCodec;
import io.engram.genesis.qbft.QbftHasher;
import io.engram.genesis.rlp.RlpException;
import java.util.List;
import java.util.Optional;

/**
 * What a light client takes on trust.
 *
 * @param hash of block 0
 * @param validators of block 0
 * @param named sets that a transition of the genesis file puts in place
 * @param inferenceFrom first block whose header commits to inferences
 */
public record LightGenesis(Hash hash, ValidatorSet validators, List<Named> named, long inferenceFrom) {
    public LightGenesis {
        named = List.copyOf(named);
    }

    /** A set of validators that holds from a block or a time on. */
    record Named(QbftConfig.Start start, ValidatorSet validators) {}

    /**
     * All that the file of a chain says.
     *
     * @return empty for chains whose headers do not list their validators, or do not commit to inferences
     * @throws InvalidGenesisException when the file contradicts itself
     */
    public static Optional<LightGenesis> of(GenesisFile file) throws InvalidGenesisException {
        return of(file.config(), GenesisState.of(file).block().block().header());
    }

    /** As {@link #of(GenesisFile)}, from the rules and block 0. */
    public static Optional<LightGenesis> of(ChainConfig config, BlockHeader header) {
        if (config.qbft().isEmpty() || config.inference().isEmpty()) {
            return Optional.empty();
        }
        QbftConfig qbft = config.qbft().get();
        boolean byContract = qbft.validatorContract().isPresent()
                || qbft.transitions().stream()
                        .anyMatch(transition -> transition
                                .validatorSelection()
                                .flatMap(QbftConfig.ValidatorSelection::contract)
                                .isPresent());
        if (byContract) {
            return Optional.empty();
        }
        List<Named> named = qbft.transitions().stream()
                .flatMap(transition ->
                        transition
                                .validators()
                                .map(set -> new Named(transition.start(), new ValidatorSet(set)))
                                .stream())
                .toList();
        long from = config.inference().map(InferenceConfig::activationBlock).orElse(0L);
        return of(header).map(plain -> new LightGenesis(plain.hash(), plain.validators(), named, from));
    }

    /** What block 0 says by itself: no transitions, inference from the start. Empty when it lists no validators. */
    public static Optional<LightGenesis> of(BlockHeader header) {
        try {
            List<Address> listed = QbftExtraDataCodec.decode(header.extraData()).validators();
            if (header.number() != 0
                    || listed.isEmpty()
                    || listed.stream().distinct().count() != listed.size()) {
                return Optional.empty();
            }
            Hash hash = QbftHasher.INSTANCE.hash(header);
            return Optional.of(new LightGenesis(hash, new ValidatorSet(listed), List.of(), 0));
        } catch (RlpException e) {
            return Optional.empty();
        }
    }
}
