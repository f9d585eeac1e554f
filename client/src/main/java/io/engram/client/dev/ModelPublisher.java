package io.engram.client.dev;

import io.engram.client.consensus.BlockProducer;
import io.engram.client.node.ModelPublication;
import io.engram.client.node.Node;
import io.engram.client.pool.AddResult;
import io.engram.evm.tracer.Tracer;
import io.engram.evm.transaction.Call;
import io.engram.evm.transaction.TransactionOutcome;
import io.engram.genesis.Wei;
import io.engram.genesis.crypto.KeyPair;
import io.engram.genesis.transaction.TransactionType;
import io.engram.genesis.transaction.UnsignedTransaction;
import io.engram.inference.MalformedModelException;
import io.engram.inference.model.Model;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;

/** Makes models callable on a chain whose one validator's key is here: announces, attests, and makes blocks. Thread-safe. */
final class ModelPublisher {

    private final Node node;
    private final BlockProducer producer;
    private final KeyPair validator;

    ModelPublisher(Node node, BlockProducer producer, KeyPair validator) {
        this.node = node;
        this.producer = producer;
        this.validator = validator;
    }

    /**
     * Keeps the file, announces and attests the model by transactions of the validator's account, and makes blocks until
     * it is active. A model that is active already stays as it is.
     *
     * @throws MalformedModelException when the file is refused
     * @throws PublicationRefusedException when the registry does not take the model
     */
    Model publish(byte[] file) throws MalformedModelException, PublicationRefusedException, IOException {
        Model model = node.models().add(file);
        Optional<Bytes> refusal = producer.whilePaused(() -> isActive(model) ? Optional.empty() : publish(model));
        if (refusal.isPresent()) {
            throw new PublicationRefusedException(refusal.get());
        }
        return model;
    }

    /** The registry's refusal; empty when the model is active. */
    private Optional<Bytes> publish(Model model) {
        ModelPublication publication = ModelPublication.of(
                model, ModelPublication.slots(node.chain().states().head()));
        Optional<Bytes> refusal =
                send(publication.calls().announce(), publication.price(), ModelPublication.ANNOUNCE_GAS);
        if (refusal.isEmpty()) {
            Bytes attestation = publication.attestation(node.config().chainId(), List.of(validator));
            refusal = send(attestation, Wei.ZERO, ModelPublication.ATTEST_GAS);
        }
        if (refusal.isEmpty()) {
            awaitActivation(model);
        }
        return refusal;
    }

    private void awaitActivation(Model model) {
        long deadline = node.chain().head().number() + MiningMethods.MAX_BLOCKS;
        while (!isActive(model) && node.chain().head().number() < deadline) {
            producer.produce(producer.nextTimestamp());
        }
        if (!isActive(model)) {
            throw new IllegalStateException(
                    "attested, but not active after " + MiningMethods.MAX_BLOCKS + " blocks: " + model.id());
        }
    }

    private boolean isActive(Model model) {
        return ModelPublication.isActive(
                node.chain().states().head(), model.id(), node.chain().head().number() + 1);
    }

    /** Puts a call of the registry into a block; where it would revert, does nothing and returns the revert data. */
    private Optional<Bytes> send(Bytes data, Wei value, long gas) {
        Call trial = Call.of(validator.address(), Optional.of(ModelPublication.REGISTRY), value, data, gas);
        TransactionOutcome outcome = node.simulator()
                .call(node.chain().head().header(), trial, _ -> {}, Tracer.NONE)
                .orElseThrow();
        if (!(outcome instanceof TransactionOutcome.Executed executed)) {
            throw new IllegalStateException("the registry cannot be called: " + outcome);
        }
        if (!executed.succeeded()) {
            return Optional.of(executed.output());
        }
        Wei fee = node.pool().head().baseFee().times(2).plus(Wei.of(1));
        AddResult result = node.pool()
                .add(UnsignedTransaction.of(TransactionType.FEE_MARKET)
                        .chainId(node.config().chainId())
                        .nonce(node.pool().nextNonce(validator.address()))
                        .gasLimit(gas)
                        .fees(fee, Wei.of(1))
                        .to(ModelPublication.REGISTRY)
                        .value(value)
                        .data(data)
                        .sign(validator));
        if (result instanceof AddResult.Refused refused) {
            throw new IllegalStateException("the pool refuses the publication: " + refused.refusal());
        }
        producer.produce(producer.nextTimestamp());
        return Optional.empty();
    }
}
