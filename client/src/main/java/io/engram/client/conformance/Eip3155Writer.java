package io.engram.client.conformance;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.engram.evm.tracer.CallEnd;
import io.engram.evm.tracer.StructLog;
import io.engram.evm.tracer.StructLogTracer;
import io.engram.evm.tracer.Tracer;
import io.engram.genesis.Hash;
import java.io.PrintWriter;
import java.util.Map;
import org.apache.tuweni.bytes.Bytes;

/** Writes an execution as EIP-3155 says: a line of JSON for each instruction, then one with the result. */
public final class Eip3155Writer {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final PrintWriter out;
    private final StructLogTracer.Options options;

    /**
     * What lines hold beside the fields that they always have.
     *
     * @param memory makes lines long; the only one that the standard leaves out
     */
    public record Contents(boolean memory, boolean stack, boolean returnData) {
        public static final Contents STANDARD = new Contents(false, true, true);
    }

    public Eip3155Writer(PrintWriter out, Contents contents) {
        this.out = out;
        this.options = new StructLogTracer.Options(contents.stack(), contents.memory(), contents.returnData(), false);
    }

    /** A tracer that writes one execution. */
    public Tracer tracer() {
        return new StructLogTracer(options, this::write);
    }

    /** A tracer that writes one execution and, as the last line, its output and the gas it took. */
    public Tracer tracerWithResult() {
        return new OutermostCall(tracer(), this::write);
    }

    private void write(CallEnd end) {
        ObjectNode line = JsonNodeFactory.instance.objectNode();
        line.put("output", end.output().toUnprefixedHexString());
        line.put("gasUsed", hex(end.gasUsed()));
        OutermostCall.error(end).ifPresent(error -> line.put("error", error));
        out.println(line);
    }

    private void write(StructLog log) {
        ObjectNode line = JsonNodeFactory.instance.objectNode();
        line.put("pc", log.pc());
        line.put("op", log.opcode());
        line.put("gas", hex(log.gas()));
        line.put("gasCost", hex(log.gasCost()));
        if (options.memory()) {
            line.put("memory", log.memory().toHexString());
        }
        line.put("memSize", log.memorySize());
        if (options.stack()) {
            var stack = line.putArray("stack");
            log.stack().forEach(word -> stack.add(word.toQuantityHexString()));
        }
        if (options.returnData()) {
            line.put("returnData", log.returnData().toHexString());
        }
        line.put("depth", log.depth());
        line.put("refund", hex(log.refund()));
        line.put("opName", log.mnemonic());
        log.error().ifPresent(error -> line.put("error", error));
        out.println(line);
    }

    /** The last line of a transaction's trace. */
    public void result(Hash stateRoot, Bytes output, long gasUsed, boolean pass, String fork) {
        ObjectNode line = JsonNodeFactory.instance.objectNode();
        line.put("stateRoot", stateRoot.toHex());
        line.put("output", output.toHexString());
        line.put("gasUsed", hex(gasUsed));
        line.put("pass", pass);
        line.put("fork", fork);
        out.println(line);
        out.flush();
    }

    /** Facts as one line of JSON, in their order. */
    public static String line(Map<String, Object> facts) {
        try {
            return JSON.writeValueAsString(facts);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String hex(long value) {
        return "0x" + Long.toHexString(value);
    }
}
