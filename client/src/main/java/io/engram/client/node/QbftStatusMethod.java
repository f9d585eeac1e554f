package io.engram.client.node;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.engram.client.chain.WorkCounts;
import io.engram.client.consensus.qbft.QbftStatus;
import io.engram.client.rpc.Json;
import io.engram.client.rpc.RpcErrorCode;
import io.engram.client.rpc.RpcException;
import io.engram.client.rpc.RpcHex;
import io.engram.client.rpc.RpcRegistry;
import io.engram.genesis.Address;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;

/** {@code qbft_getStatus}: in one answer what this node knows about the agreement on the next block. */
final class QbftStatusMethod {

    private QbftStatusMethod() {}

    /**
     * @param inferenceFault why this node's inference back end was given up, if it was
     * @param holdings absent on chains without inference
     */
    static void register(
            RpcRegistry registry,
            QbftService service,
            WorkCounts work,
            Supplier<Optional<String>> inferenceFault,
            Optional<ValidatorModels> holdings) {
        registry.cheap(
                "qbft_getStatus",
                parameters -> service.status()
                        .map(status -> view(status, work.totals(), inferenceFault.get(), holdings))
                        .orElseThrow(
                                () -> new RpcException(RpcErrorCode.RESOURCE_UNAVAILABLE, "consensus has not begun")));
    }

    private static ObjectNode view(
            QbftStatus status,
            WorkCounts.Totals work,
            Optional<String> inferenceFault,
            Optional<ValidatorModels> holdings) {
        ObjectNode json = Json.object();
        json.set("height", RpcHex.quantity(status.height()));
        json.set("round", RpcHex.quantity(status.round()));
        json.put("phase", status.phase().name().toLowerCase(Locale.ROOT));
        json.put("signing", status.signing());
        json.set("validators", addresses(status.validators()));
        json.set("quorum", RpcHex.quantity(status.quorum()));
        json.set("proposer", Json.orNull(status.proposer(), RpcHex::data));
        json.set("proposal", Json.orNull(status.proposal(), RpcHex::data));
        json.set("prepared", addresses(new TreeSet<>(status.prepared())));
        json.set("committed", addresses(new TreeSet<>(status.committed())));
        ObjectNode rounds = json.putObject("rounds");
        new TreeMap<>(status.rounds())
                .forEach((validator, round) -> rounds.set(validator.toHex(), RpcHex.quantity(round)));
        json.set("awaited", addresses(new TreeSet<>(status.awaited())));
        json.set("roundTimeoutMillis", RpcHex.quantity(status.roundTimeoutMillis()));
        json.set("roundEndsMillis", Json.orNull(status.roundEndsMillis(), RpcHex::quantity));
        json.set("proposed", RpcHex.quantity(work.proposed()));
        json.set("note", Json.orNull(status.note(), Json::text));
        json.set("inferenceFault", Json.orNull(inferenceFault, Json::text));
        json.set("models", Json.orNull(holdings, models -> models.view(status.validators())));
        return json;
    }

    private static JsonNode addresses(Collection<Address> validators) {
        return Json.array(List.copyOf(validators), RpcHex::data);
    }
}
