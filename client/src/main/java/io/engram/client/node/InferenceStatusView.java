package io.engram.client.node;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.engram.client.chain.PreExecutor;
import io.engram.client.chain.WorkCounts;
import io.engram.client.rpc.Json;
import io.engram.inference.engine.Demand;
import io.engram.inference.engine.EngineStatus;
import java.util.Locale;

/** What the node's engine holds and has done, as JSON numbers. */
final class InferenceStatusView {

    private InferenceStatusView() {}

    static ObjectNode of(Node node, WorkCounts.Totals work) {
        EngineStatus status = node.engine().status();
        ObjectNode json = Json.object();
        json.put("backend", node.engine().backend().name());
        json.set("backendFault", Json.orNull(node.engine().fault(), Json::text));
        ObjectNode verified = json.putObject("verified");
        verified.put("inferences", work.inferences());
        verified.put("steps", work.steps());
        json.put("models", status.models());
        json.put("modelBytes", status.modelBytes());
        json.put("results", status.results());
        json.put("resultBytes", status.resultBytes());
        json.put("runningBytes", status.runningBytes());
        status.counts().forEach((priority, counts) -> json.set(priority.name().toLowerCase(Locale.ROOT), view(counts)));
        node.ahead().map(PreExecutor::status).ifPresent(ahead -> view(json, ahead));
        return json;
    }

    private static ObjectNode view(EngineStatus.Counts counts) {
        ObjectNode json = Json.object();
        json.put("hits", counts.hits());
        json.put("shared", counts.shared());
        json.put("computed", counts.computed());
        json.put("cancelled", counts.cancelled());
        json.put("faults", counts.faults());
        return json;
    }

    private static void view(ObjectNode json, PreExecutor.Status status) {
        String name = Demand.Priority.AHEAD.name().toLowerCase(Locale.ROOT);
        ObjectNode ahead = json.withObject("/" + name);
        ahead.put("transactions", status.executed());
        ahead.put("transactionsCancelled", status.cancelled());
        ahead.put("transactionsDropped", status.dropped());
        ahead.put("queued", status.queued());
    }
}
