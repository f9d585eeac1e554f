package io.engram.client.node;

import io.engram.client.rpc.RpcAccount;
import io.engram.client.rpc.RpcClient;
import io.engram.genesis.Wei;
import io.engram.genesis.crypto.KeyPair;
import io.engram.genesis.crypto.Signature;
import io.engram.inference.model.Model;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.units.bigints.UInt256;

/** Publishes a model on a running chain by transactions over JSON-RPC. Used by one thread. */
public final class RemotePublication {

    private final RpcAccount payer;
    private final ModelPublication publication;

    private RemotePublication(RpcAccount payer, ModelPublication publication) {
        this.payer = payer;
        this.publication = publication;
    }

    /** Reads the registry's terms. */
    public static RemotePublication of(RpcClient rpc, RpcAccount payer, Model model) throws IOException {
        try {
            return new RemotePublication(payer, ModelPublication.of(model, registrySlots(rpc)));
        } catch (UncheckedIOException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private static ModelPublication.RegistrySlots registrySlots(RpcClient rpc) {
        return slot -> {
            try {
                return UInt256.fromHexString(rpc.call(
                                "eth_getStorageAt",
                                ModelPublication.REGISTRY.toHex(),
                                slot.toQuantityHexString(),
                                "latest")
                        .asText());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new UncheckedIOException(new IOException("interrupted", e));
            }
        };
    }

    /** What {@link #announce} pays. */
    public Wei price() {
        return publication.price();
    }

    /** Announces the model and waits until a block holds the announcement. */
    public void announce() throws IOException, InterruptedException {
        send(publication.calls().announce(), publication.price(), ModelPublication.ANNOUNCE_GAS);
    }

    /** Attests the model with the signatures of these validators and waits until a block holds the attestation. */
    public void attest(Collection<KeyPair> validators) throws IOException, InterruptedException {
        send(publication.attestation(payer.chainId(), validators), Wei.ZERO, ModelPublication.ATTEST_GAS);
    }

    /**
     * Attests the model with these signatures and waits until a block holds the attestation.
     *
     * @param signatures in ascending order of the addresses of their signers
     */
    public void attestWith(List<Signature> signatures) throws IOException, InterruptedException {
        send(publication.calls().attest(signatures), Wei.ZERO, ModelPublication.ATTEST_GAS);
    }

    /** Sends a call of the registry, unless a trial of it reverts: then the error says why. */
    private void send(Bytes data, Wei value, long gas) throws IOException, InterruptedException {
        RpcAccount.Action action = new RpcAccount.Action(Optional.of(ModelPublication.REGISTRY), data, value);
        payer.requireSuccess(action, gas);
        payer.await(payer.send(action, gas, payer.gasPrice()));
    }
}
