package io.engram.acceptance;

import io.engram.client.chain.BlockOverrides;
import io.engram.client.consensus.Proposal;
import io.engram.client.consensus.ValidatorSet;
import io.engram.client.consensus.qbft.message.BftBlock;
import io.engram.client.node.ModelPublication;
import io.engram.client.node.Node;
import io.engram.client.pool.AddResult;
import io.engram.client.storage.Durability;
import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.Wei;
import io.engram.genesis.block.BlockHeader;
import io.engram.genesis.config.GenesisFile;
import io.engram.genesis.crypto.KeyPair;
import io.engram.genesis.crypto.Secp256k1;
import io.engram.genesis.crypto.Signature;
import io.engram.genesis.qbft.QbftExtraDataCodec;
import io.engram.genesis.rlp.RlpException;
import io.engram.genesis.system.SystemContracts;
import io.engram.genesis.transaction.TransactionType;
import io.engram.genesis.transaction.UnsignedTransaction;
import io.engram.inference.engine.Backends;
import io.engram.inference.model.Model;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import org.apache.tuweni.bytes.Bytes;

/**
 * A chain as the validators of a genesis file would have decided it, made in one process that holds all of their keys: a
 * model is published, and every further block holds one inference.
 */
final class ReadyMadeChain implements AutoCloseable {

    private final Node node;
    private final List<KeyPair> validators;
    private final KeyPair sender;
    private final Model model;
    private long timestamp;

    /** @param sender pays for everything */
    private ReadyMadeChain(Node node, List<KeyPair> validators, KeyPair sender, Model model, long timestamp) {
        this.node = node;
        this.validators = validators;
        this.sender = sender;
        this.model = model;
        this.timestamp = timestamp;
    }

    /**
     * Fills a new data path with a chain whose last block was made now.
     *
     * @return the model's id
     */
    static Model make(
            Path dataPath, GenesisFile genesis, List<KeyPair> validators, KeyPair sender, byte[] file, int blocks)
            throws Exception {
        Node.Options options = new Node.Options(
                dataPath,
                genesis,
                Durability.PROCESS,
                Node.TARGET_GAS_LIMIT,
                () -> BlockOverrides.NONE,
                Backends.AUTO.open(1));
        Node node = Node.open(options);
        Model model = node.models().add(file);
        long now = System.currentTimeMillis() / 1_000;
        try (ReadyMadeChain chain = new ReadyMadeChain(node, validators, sender, model, now - blocks)) {
            chain.publish(genesis);
            for (int i = 2; i < blocks; i++) {
                chain.block(SystemContracts.INFERENCE_GATEWAY, Inferences.call(model, i), Wei.ZERO);
                chain.requireInference();
            }
        }
        return model;
    }

    private void publish(GenesisFile genesis) throws RlpException {
        ModelPublication publication = ModelPublication.of(
                model, ModelPublication.slots(node.chain().states().head()));
        block(SystemContracts.MODEL_REGISTRY, publication.calls().announce(), publication.price());
        Hash digest = publication
                .calls()
                .digest(genesis.config().chainId(), ModelPublication.REGISTRY, publication.configHash());
        List<Signature> signatures = validators.stream()
                .sorted(Comparator.comparing(KeyPair::address))
                .map(validator -> Secp256k1.sign(digest, validator))
                .toList();
        block(SystemContracts.MODEL_REGISTRY, publication.calls().attest(signatures), Wei.ZERO);
    }

    private void block(Address to, Bytes data, Wei value) throws RlpException {
        AddResult added = node.pool()
                .add(UnsignedTransaction.of(TransactionType.FEE_MARKET)
                        .chainId(node.config().chainId().toLong())
                        .nonce(node.pool().nextNonce(sender.address()))
                        .fees(Wei.of(20_000_000_000L), Wei.of(1_000_000_000L))
                        .gasLimit(10_000_000)
                        .to(to)
                        .data(data)
                        .value(value)
                        .sign(sender));
        if (!(added instanceof AddResult.Added)) {
            throw new IllegalStateException("a transaction was refused: " + added);
        }
        BlockHeader parent = node.chain().head().header();
        ValidatorSet inForce = node.validators().after(parent);
        timestamp++;
        Proposal proposal = node.proposals().propose(inForce.proposer(parent.coinbase(), 0), timestamp, 1);
        if (proposal.block().body().transactions().size() != 1) {
            throw new IllegalStateException("a transaction was left out");
        }
        BftBlock decided = BftBlock.of(proposal.block());
        List<Bytes> seals = validators.stream()
                .map(validator -> seal(Secp256k1.sign(decided.digest(), validator)))
                .toList();
        node.proposals().commit(proposal, decided.sealed(seals));
    }

    private void requireInference() throws RlpException {
        BlockHeader head = node.chain().head().header();
        if (QbftExtraDataCodec.decode(head.extraData()).vanity().isZero()) {
            throw new IllegalStateException("block " + head.number() + " holds no inference");
        }
    }

    private static Bytes seal(Signature signature) {
        return Bytes.concatenate(signature.r().toBytes(), signature.s().toBytes(), Bytes.of(signature.yParity()));
    }

    @Override
    public void close() throws IOException {
        node.close();
    }
}
