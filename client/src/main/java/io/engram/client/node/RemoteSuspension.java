package io.engram.client.node;

import com.fasterxml.jackson.databind.JsonNode;
import io.engram.client.consensus.SignatureCodec;
import io.engram.client.exchange.Suspension;
import io.engram.client.rpc.RpcAccount;
import io.engram.client.rpc.RpcClient;
import io.engram.genesis.Hash;
import io.engram.genesis.crypto.KeyPair;
import io.engram.genesis.crypto.Secp256k1;
import io.engram.genesis.crypto.Signature;
import java.io.IOException;
import java.util.List;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.units.bigints.UInt256;

/** Suspends a model on a running chain, or lets it go on, over a node's JSON-RPC. Keys never leave this side. */
public final class RemoteSuspension {

    private static final long GAS = 2_000_000;

    private final RpcClient rpc;
    private final Suspension change;

    private RemoteSuspension(RpcClient rpc, Suspension change) {
        this.rpc = rpc;
        this.change = change;
    }

    /**
     * @param suspended whether the model is to stop
     * @throws IOException when that is not possible now
     */
    public static RemoteSuspension of(RpcClient rpc, Hash modelId, boolean suspended)
            throws IOException, InterruptedException {
        JsonNode possible = rpc.call("model_getSuspension", modelId.toHex());
        if (possible.isNull()) {
            throw new IOException("no quorum has attested model " + modelId + ", or it is retired");
        }
        if (possible.path("suspended").asBoolean() != suspended) {
            throw new IOException("model " + modelId + " is " + (suspended ? "suspended already" : "not suspended"));
        }
        return new RemoteSuspension(
                rpc,
                new Suspension(
                        modelId, suspended, Long.decode(possible.path("nonce").asText())));
    }

    /** Signs it as this validator, and hands the signature to the node, which passes it on. */
    public void sign(KeyPair validator) throws IOException, InterruptedException {
        UInt256 chainId = UInt256.fromHexString(rpc.call("eth_chainId").asText());
        Hash digest = SuspensionCalls.digest(change, chainId, ModelPublication.REGISTRY);
        Bytes signature = SignatureCodec.encode(Secp256k1.sign(digest, validator));
        JsonNode _ =
                rpc.call("model_signSuspension", change.modelId().toHex(), change.suspended(), signature.toHexString());
    }

    /** Signatures that the node knows, and how many are needed. */
    public record Signatures(long quorum, List<Signature> known) {
        public Signatures {
            known = List.copyOf(known);
        }

        public boolean suffice() {
            return quorum > 0 && known.size() >= quorum;
        }
    }

    public Signatures signatures() throws IOException, InterruptedException {
        JsonNode state = rpc.call("model_getSuspension", change.modelId().toHex());
        boolean same = state.path("suspended").asBoolean() == change.suspended()
                && Long.decode(state.path("nonce").asText("0x0")) == change.nonce();
        List<Signature> known = same ? SignatureView.read(state.path("signatures")) : List.of();
        return new Signatures(Long.decode(state.path("quorum").asText("0x0")), known);
    }

    /** Submits a quorum of signatures, and waits until a block holds them. */
    public void submit(RpcAccount payer, Signatures signatures) throws IOException, InterruptedException {
        RpcAccount.Action action =
                RpcAccount.Action.call(ModelPublication.REGISTRY, SuspensionCalls.submit(change, signatures.known()));
        payer.requireSuccess(action, GAS);
        JsonNode _ = payer.await(payer.send(action, GAS, payer.gasPrice()));
    }
}
