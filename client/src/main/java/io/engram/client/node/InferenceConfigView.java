package io.engram.client.node;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.engram.client.rpc.Json;
import io.engram.client.rpc.RpcClient;
import io.engram.client.rpc.RpcHex;
import io.engram.genesis.config.InferenceConfig;
import io.engram.genesis.config.InferenceConfigHash;
import java.io.IOException;

/** A chain's rules of inference as JSON-RPC shows them, under the names of the genesis file. */
public final class InferenceConfigView {

    static final String METHOD = "inference_getConfig";

    private InferenceConfigView() {}

    static JsonNode of(InferenceConfig config) {
        ObjectNode json = Json.object();
        json.set("inferenceConfigHash", RpcHex.data(InferenceConfigHash.of(config)));
        json.set("activationBlock", RpcHex.quantity(config.activationBlock()));
        json.set("blockInferenceGasLimit", RpcHex.quantity(config.blockInferenceGasLimit()));
        json.set("gas", gas(config.gas()));
        json.set("limits", limits(config.limits()));
        json.set("royaltyShare", RpcHex.quantity(config.royaltyShare()));
        json.set("minRoyaltyPrice", RpcHex.quantity(config.minRoyaltyPrice().value()));
        json.set("pricePerByte", RpcHex.quantity(config.pricePerByte().value()));
        json.set("activationDelay", RpcHex.quantity(config.activationDelay()));
        json.set("retirementNotice", RpcHex.quantity(config.retirementNotice()));
        json.set("announcementExpiry", RpcHex.quantity(config.announcementExpiry()));
        return json;
    }

    private static JsonNode gas(InferenceConfig.Gas gas) {
        ObjectNode json = Json.object();
        json.set("base", RpcHex.quantity(gas.base()));
        json.set("perStep", RpcHex.quantity(gas.perStep()));
        json.set("macsPerGas", RpcHex.quantity(gas.macsPerGas()));
        json.set("depthwiseMacsPerGas", RpcHex.quantity(gas.depthwiseMacsPerGas()));
        json.set("elementsPerGas", RpcHex.quantity(gas.elementsPerGas()));
        json.set("weightBytesPerGas", RpcHex.quantity(gas.weightBytesPerGas()));
        json.set("hashedBytesPerGas", RpcHex.quantity(gas.hashedBytesPerGas()));
        json.set("perIoWord", RpcHex.quantity(gas.perIoWord()));
        json.set("coldPerKib", RpcHex.quantity(gas.coldPerKib()));
        return json;
    }

    private static JsonNode limits(InferenceConfig.Limits limits) {
        ObjectNode json = Json.object();
        json.set("maxModelBytes", RpcHex.quantity(limits.maxModelBytes()));
        json.set("maxPeakMemoryBytes", RpcHex.quantity(limits.maxPeakMemoryBytes()));
        json.set("maxSteps", RpcHex.quantity(limits.maxSteps()));
        json.set("maxMacs", RpcHex.quantity(limits.maxMacs()));
        json.set("maxDepthwiseMacs", RpcHex.quantity(limits.maxDepthwiseMacs()));
        json.set("maxElements", RpcHex.quantity(limits.maxElements()));
        json.set("maxHashedBytes", RpcHex.quantity(limits.maxHashedBytes()));
        json.set("maxIoBytes", RpcHex.quantity(limits.maxIoBytes()));
        json.set("maxBatch", RpcHex.quantity(limits.maxBatch()));
        return json;
    }

    /**
     * The limits of models on a running chain.
     *
     * @throws IOException when the node cannot be asked, or its chain has no inference
     */
    public static InferenceConfig.Limits limits(RpcClient rpc) throws IOException, InterruptedException {
        JsonNode limits = rpc.call(METHOD).path("limits");
        return new InferenceConfig.Limits(
                quantity(limits, "maxModelBytes"),
                quantity(limits, "maxPeakMemoryBytes"),
                quantity(limits, "maxSteps"),
                quantity(limits, "maxMacs"),
                quantity(limits, "maxDepthwiseMacs"),
                quantity(limits, "maxElements"),
                quantity(limits, "maxHashedBytes"),
                quantity(limits, "maxIoBytes"),
                quantity(limits, "maxBatch"));
    }

    private static long quantity(JsonNode limits, String name) throws IOException {
        try {
            return Long.decode(limits.path(name).asText());
        } catch (NumberFormatException e) {
            throw new IOException("the node answers " + METHOD + " without " + name, e);
        }
    }
}
