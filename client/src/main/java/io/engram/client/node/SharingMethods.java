package io.engram.client.node;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.engram.client.exchange.ModelExchange;
import io.engram.client.model.ModelStore;
import io.engram.client.rpc.Json;
import io.engram.client.rpc.RpcErrorCode;
import io.engram.client.rpc.RpcException;
import io.engram.client.rpc.RpcHex;
import io.engram.client.rpc.RpcParameters;
import io.engram.client.rpc.RpcRegistry;
import io.engram.genesis.Hash;
import io.engram.inference.MalformedModelException;
import io.engram.inference.commitment.Commitments;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * Handing a model's file to a node of a network, and how its attestation goes on: model_beginUpload, model_appendUpload,
 * model_keepUpload, model_getAttestations.
 */
final class SharingMethods {

    private final ModelStore store;
    private final ModelExchange exchange;
    private final ModelUploads uploads;

    SharingMethods(ModelStore store, ModelExchange exchange) {
        this.store = store;
        this.exchange = exchange;
        this.uploads = new ModelUploads(store.limits().maxModelBytes(), System::nanoTime);
    }

    void register(RpcRegistry registry) {
        registry.execution(
                        "model_beginUpload", parameters -> RpcHex.data(uploads.begin(parameters.quantity(0, "bytes"))))
                .execution("model_appendUpload", this::append)
                .execution("model_keepUpload", this::keep)
                .execution("model_getAttestations", this::attestations);
    }

    private JsonNode append(RpcParameters parameters) {
        return RpcHex.quantity(uploads.append(
                parameters.hash(0, "upload"), parameters.quantity(1, "offset"), parameters.data(2, "data")));
    }

    /** Keeps only what somebody has paid for, so that nobody fills the disk. */
    private JsonNode keep(RpcParameters parameters) {
        byte[] file = uploads.take(parameters.hash(0, "upload"));
        try {
            Hash id = Commitments.modelId(file);
            if (!exchange.isKnown(id)) {
                throw new RpcException(
                        RpcErrorCode.RESOURCE_NOT_FOUND, "model " + id + " is not announced: announce it first");
            }
            store.add(file);
            exchange.added();
            return RpcHex.data(id);
        } catch (MalformedModelException e) {
            throw RpcException.invalidParameter("upload", String.valueOf(e.getMessage()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private JsonNode attestations(RpcParameters parameters) {
        Hash id = parameters.hash(0, "modelId");
        ModelExchange.Progress progress = exchange.progress(id);
        ObjectNode json = Json.object();
        json.set("modelId", RpcHex.data(id));
        json.set("quorum", RpcHex.quantity(progress.quorum()));
        json.set("holders", RpcHex.quantity(progress.holders()));
        json.set("chunksSent", RpcHex.quantity(progress.chunksSent()));
        json.set("signatures", SignatureView.of(progress.signatures()));
        return json;
    }
}
