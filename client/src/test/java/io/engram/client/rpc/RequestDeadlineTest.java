package io.engram.client.rpc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.engram.inference.engine.Demand;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class RequestDeadlineTest {

    private final RpcRegistry registry = new RpcRegistry()
            .execution("endless", parameters -> {
                while (true) {
                    RequestDeadline.check();
                    Thread.onSpinWait();
                }
            })
            .execution(
                    "priority",
                    parameters -> Json.text(RequestDeadline.demand().priority().name()));

    private final RpcDispatcher dispatcher = new RpcDispatcher(registry, 1);

    private JsonNode answer(String request) throws Exception {
        byte[] answer = dispatcher
                .answer(dispatcher.parse(request.replace('\'', '"').getBytes(UTF_8)))
                .orElseThrow();
        return Json.MAPPER.readTree(answer);
    }

    @Test
    void aRequestEndsWithATypedErrorWhenItsTimeIsOver() throws Exception {
        JsonNode error = answer("{'jsonrpc':'2.0','id':1,'method':'endless'}").path("error");
        assertThat(error.path("code").asInt()).isEqualTo(-32002);
        assertThat(error.path("message").asText()).startsWith("request timed out");
    }

    @Test
    void aBatchHasOneDeadlineForAllOfItsMembers() throws Exception {
        JsonNode answers = answer(
                "[{'jsonrpc':'2.0','id':1,'method':'endless'}," + "{'jsonrpc':'2.0','id':2,'method':'priority'}]");
        assertThat(answers).hasSize(2);
        assertThat(answers)
                .allSatisfy(one ->
                        assertThat(one.path("error").path("code").asInt()).isEqualTo(-32002));
    }

    @Test
    void callersAreNoBlocksAndThereIsNoDeadlineOutsideOfRequests() throws Exception {
        assertThat(answer("{'jsonrpc':'2.0','id':1,'method':'priority'}")
                        .path("result")
                        .asText())
                .isEqualTo(Demand.Priority.CALL.name());
        RequestDeadline.check();
    }
}
