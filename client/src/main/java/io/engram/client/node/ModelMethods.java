package io.engram.client.node;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.engram.client.exchange.ModelExchange;
import io.engram.client.model.RegistryDirectory;
import io.engram.client.model.RegistryStorage;
import io.engram.client.rpc.ChainView;
import io.engram.client.rpc.Json;
import io.engram.client.rpc.RpcErrorCode;
import io.engram.client.rpc.RpcException;
import io.engram.client.rpc.RpcHex;
import io.engram.client.rpc.RpcParameters;
import io.engram.client.rpc.RpcRegistry;
import io.engram.client.rpc.RpcValues;
import io.engram.genesis.Hash;
import io.engram.genesis.config.InferenceConfig;
import io.engram.genesis.system.SystemContracts;
import io.engram.inference.model.IoFacts;
import io.engram.inference.model.ModelFacts;
import io.engram.inference.model.ModelPrice;
import java.util.Locale;
import java.util.Optional;

/** The registry of models as RPC shows it: model_list, model_get, model_estimateGas. */
final class ModelMethods {

    private final Node node;
    private final ChainView chain;
    private final InferenceConfig config;
    private final Optional<ModelExchange> exchange;

    ModelMethods(Node node, ChainView chain, InferenceConfig config, Optional<ModelExchange> exchange) {
        this.node = node;
        this.chain = chain;
        this.config = config;
        this.exchange = exchange;
    }

    void register(RpcRegistry registry) {
        registry.execution("model_list", this::list)
                .execution("model_get", this::get)
                .execution("model_estimateGas", this::estimateGas);
    }

    private JsonNode list(RpcParameters parameters) {
        ChainView.Located block = chain.require(parameters.block(0));
        RegistryStorage registry = registry(block);
        ArrayNode array = Json.array();
        for (Hash id : registry.modelIds()) {
            registry.entry(id).ifPresent(entry -> array.add(view(id, entry, block)));
        }
        return array;
    }

    private RegistryStorage registry(ChainView.Located block) {
        return new RegistryStorage(chain.state(block), SystemContracts.MODEL_REGISTRY);
    }

    private JsonNode get(RpcParameters parameters) {
        Hash id = parameters.hash(0, "modelId");
        ChainView.Located block = chain.require(parameters.block(1));
        return Json.orNull(registry(block).entry(id), entry -> view(id, entry, block));
    }

    private ObjectNode view(Hash id, RegistryStorage.Entry entry, ChainView.Located block) {
        ObjectNode json = Json.object();
        json.set("modelId", RpcHex.data(id));
        json.put(
                "status",
                RegistryDirectory.statusAt(entry, block.number() + 1).name().toLowerCase(Locale.ROOT));
        json.set("author", RpcHex.data(entry.author()));
        json.set("royalty", RpcHex.quantity(entry.royalty()));
        json.set("announcedAt", RpcHex.quantity(entry.announcedAt()));
        json.set("activeFrom", RpcHex.quantity(entry.activeFrom()));
        json.set("retiredFrom", RpcHex.quantity(entry.retiredFrom()));
        json.set("expiresAt", RpcHex.quantity(entry.expiresAt()));
        json.put("permanent", entry.permanent());
        json.put("held", node.models().contains(id));
        json.set("refused", Json.orNull(exchange.flatMap(part -> part.refusal(id)), Json::text));
        json.set("facts", Json.array(entry.facts(), RpcHex::data));
        ModelFacts.ofWords(entry.facts()).ifPresent(facts -> addFacts(json, facts));
        return json;
    }

    private void addFacts(ObjectNode json, ModelFacts facts) {
        json.set("fileBytes", RpcHex.quantity(facts.fileBytes()));
        json.set("weightBytes", RpcHex.quantity(facts.weightBytes()));
        json.set("inputBytes", RpcHex.quantity(facts.inputBytes()));
        json.set("outputBytes", RpcHex.quantity(facts.outputBytes()));
        json.set("maxBatch", RpcHex.quantity(facts.maxBatch()));
        json.set("steps", RpcHex.quantity(facts.steps()));
        json.set("macs", RpcHex.quantity(facts.macs()));
        json.set("depthwiseMacs", RpcHex.quantity(facts.depthwiseMacs()));
        json.set("elements", RpcHex.quantity(facts.elements()));
        json.set("inputs", Json.array(facts.inputs(), ModelMethods::io));
        json.set("outputs", Json.array(facts.outputs(), ModelMethods::io));
        json.set("sampleGas", RpcHex.quantity(ModelPrice.sampleGas(facts, config.gas())));
        json.set("coldGas", RpcHex.quantity(ModelPrice.coldGas(facts, config.gas())));
    }

    private static ObjectNode io(IoFacts facts) {
        ObjectNode json = Json.object();
        json.put("type", facts.type().toString());
        json.put("bytes", facts.bytes());
        json.put("scaleMantissa", facts.scale().mantissa());
        json.put("scaleExponent", facts.scale().exponent());
        json.put("zeroPoint", facts.zeroPoint());
        json.put("lo", facts.lo());
        json.put("hi", facts.hi());
        return json;
    }

    private JsonNode estimateGas(RpcParameters parameters) {
        Hash id = parameters.hash(0, "modelId");
        long samples = parameters
                .optional(1)
                .map(count -> RpcValues.lenientLong(count, "samples"))
                .orElse(1L);
        ChainView.Located block = chain.require(parameters.block(2));
        Optional<ModelFacts> known = registry(block).entry(id).flatMap(entry -> ModelFacts.ofWords(entry.facts()));
        if (known.isEmpty()) {
            throw new RpcException(RpcErrorCode.RESOURCE_NOT_FOUND, "the registry has no model " + id);
        }
        ModelFacts facts = known.get();
        if (samples < 1 || samples > facts.maxBatch()) {
            throw RpcException.invalidParameter("samples", "outside 1 … " + facts.maxBatch());
        }
        long warm = ModelPrice.plus(
                ModelPrice.plus(config.gas().base(), ModelPrice.ioGas(facts, (int) samples, config.gas())),
                ModelPrice.times(samples, ModelPrice.sampleGas(facts, config.gas())));
        long cold = ModelPrice.coldGas(facts, config.gas());
        ObjectNode json = Json.object();
        json.set("warm", RpcHex.quantity(warm));
        json.set("cold", RpcHex.quantity(ModelPrice.plus(warm, cold)));
        json.set("blockInferenceGasLimit", RpcHex.quantity(config.blockInferenceGasLimit()));
        return json;
    }
}
