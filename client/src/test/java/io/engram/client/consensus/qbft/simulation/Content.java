package io.engram.client.consensus.qbft.simulation;

import io.engram.client.consensus.ValidatorSet;
import io.engram.client.consensus.qbft.message.BftBlock;
import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.Wei;
import io.engram.genesis.block.Block;
import io.engram.genesis.block.BlockBody;
import io.engram.genesis.block.BlockHeader;
import io.engram.genesis.block.LogsBloom;
import io.engram.genesis.qbft.Qbft;
import io.engram.genesis.qbft.QbftExtraData;
import io.engram.genesis.qbft.QbftExtraDataCodec;
import io.engram.genesis.qbft.QbftHasher;
import io.engram.genesis.rlp.RlpException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.units.bigints.UInt256;

/**
 * Blocks whose execution is a function of two numbers. The transactions root stands for the transactions; the state root
 * must be {@link #state} of it and the parent's, the inference root {@link #inference} of it.
 */
final class Content {

    private static final Bytes NONCE = Bytes.wrap(new byte[BlockHeader.NONCE_SIZE]);
    private static final BlockBody NO_BODY = new BlockBody(List.of(), List.of(), Optional.empty());

    private Content() {}

    static BlockHeader genesis(ValidatorSet validators) {
        return header(Hash.ZERO, 0, 0, Address.ZERO, Hash.ZERO, Hash.ZERO, Hash.ZERO, validators);
    }

    static Hash state(Hash parent, Hash transactions) {
        return new Hash(parent.w0() * 31 + transactions.w0(), parent.w1() ^ transactions.w1(), 7, transactions.w3());
    }

    static boolean callsModel(Hash transactions) {
        return (transactions.w3() & 1) == 1;
    }

    /** Zero when no model is called, as on the real chain. */
    static Hash inference(Hash transactions) {
        return callsModel(transactions) ? new Hash(transactions.w0(), 1, 2, transactions.w3() * 3) : Hash.ZERO;
    }

    static Set<Hash> models(Hash transactions) {
        return callsModel(transactions) ? Set.of(new Hash(0, 0, 0, transactions.w3() & 6)) : Set.of();
    }

    static Block block(
            BlockHeader parent,
            long timestamp,
            Address coinbase,
            Hash transactions,
            Hash stateRoot,
            Hash inferenceRoot,
            ValidatorSet validators) {
        return new Block(
                header(
                        QbftHasher.INSTANCE.hash(parent),
                        parent.number() + 1,
                        timestamp,
                        coinbase,
                        transactions,
                        stateRoot,
                        inferenceRoot,
                        validators),
                NO_BODY);
    }

    /** Why the block is not what executing it gives. */
    static Optional<String> fault(Block block, BlockHeader parent) {
        BlockHeader header = block.header();
        Hash transactions = header.transactionsRoot();
        if (!header.stateRoot().equals(state(parent.stateRoot(), transactions))) {
            return Optional.of("state root");
        }
        return bft(block).extra().vanity().equals(inference(transactions))
                ? Optional.empty()
                : Optional.of("inference root");
    }

    static BftBlock bft(Block block) {
        try {
            return BftBlock.of(block);
        } catch (RlpException e) {
            throw new IllegalArgumentException("no QBFT block", e);
        }
    }

    private static BlockHeader header(
            Hash parentHash,
            long number,
            long timestamp,
            Address coinbase,
            Hash transactions,
            Hash stateRoot,
            Hash inferenceRoot,
            ValidatorSet validators) {
        QbftExtraData extra = new QbftExtraData(inferenceRoot, validators.addresses(), Optional.empty(), 0, List.of());
        return new BlockHeader(
                parentHash,
                Hash.EMPTY_LIST,
                coinbase,
                stateRoot,
                transactions,
                Hash.EMPTY_TRIE,
                LogsBloom.EMPTY,
                UInt256.ONE,
                number,
                30_000_000,
                0,
                timestamp,
                QbftExtraDataCodec.encode(extra),
                Qbft.MIX_HASH,
                NONCE,
                Optional.of(Wei.of(7)),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }
}
