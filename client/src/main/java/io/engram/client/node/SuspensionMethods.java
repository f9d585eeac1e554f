package io.engram.client.node;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.engram.client.exchange.ModelExchange;
import io.engram.client.exchange.Suspension;
import io.engram.client.rpc.Json;
import io.engram.client.rpc.RpcErrorCode;
import io.engram.client.rpc.RpcException;
import io.engram.client.rpc.RpcHex;
import io.engram.client.rpc.RpcParameters;
import io.engram.client.rpc.RpcRegistry;
import io.engram.client.rpc.RpcValues;
import io.engram.genesis.Hash;
import java.util.Optional;

/**
 * Signatures by which validators suspend a model, or let it go on: model_getSuspension, model_signSuspension. The node signs
 * nothing by itself: whoever may call it must not be able to speak for its validator.
 */
final class SuspensionMethods {

    private final ModelExchange exchange;

    SuspensionMethods(ModelExchange exchange) {
        this.exchange = exchange;
    }

    void register(RpcRegistry registry) {
        registry.execution("model_getSuspension", this::get).execution("model_signSuspension", this::sign);
    }

    private JsonNode get(RpcParameters parameters) {
        return Json.orNull(exchange.suspension(parameters.hash(0, "modelId")), this::view);
    }

    private ObjectNode view(Suspension change) {
        ModelExchange.Progress progress = exchange.progress(change);
        ObjectNode json = Json.object();
        json.set("modelId", RpcHex.data(change.modelId()));
        json.put("suspended", change.suspended());
        json.set("nonce", RpcHex.quantity(change.nonce()));
        json.set("quorum", RpcHex.quantity(progress.quorum()));
        json.set("signatures", SignatureView.of(progress.signatures()));
        return json;
    }

    private JsonNode sign(RpcParameters parameters) {
        Hash modelId = parameters.hash(0, "modelId");
        boolean suspended = RpcValues.flag(parameters.required(1, "suspended"), "suspended");
        Optional<Suspension> change =
                exchange.suspension(modelId).filter(possible -> possible.suspended() == suspended);
        if (change.isEmpty()) {
            throw new RpcException(
                    RpcErrorCode.RESOURCE_NOT_FOUND,
                    "model " + modelId + " cannot be " + (suspended ? "suspended" : "let go on") + " now");
        }
        exchange.sign(change.get(), parameters.data(2, "signature")).ifPresent(reason -> {
            throw RpcException.invalidParameter("signature", reason);
        });
        return view(change.get());
    }
}
