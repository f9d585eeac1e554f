package io.engram.client.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.engram.client.chain.InvalidBlockException;
import io.engram.client.conformance.Eip3155Writer;
import io.engram.client.conformance.TransitionTool;
import io.engram.genesis.Wei;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The transition tool, with the flags, files and exit codes of geth's. */
@Command(
        name = "t8n",
        description = "Execute transactions on a state, with the flags and files of geth's evm t8n.",
        mixinStandardHelpOptions = true,
        versionProvider = VersionProvider.class)
final class EvmTransitionCommand implements Callable<Integer> {

    private static final int EVM_ERROR = 2;
    private static final int CONFIGURATION_ERROR = 3;
    private static final int MISSING_BLOCK_HASH = 4;
    private static final int JSON_ERROR = 10;
    private static final int IO_ERROR = 11;

    private static final String STDIN = "stdin";
    private static final String STDOUT = "stdout";
    private static final String STDERR = "stderr";
    private static final ObjectMapper JSON = new ObjectMapper();

    @Spec
    @SuppressWarnings("FieldCanBeFinal") // picocli assigns it
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--input.alloc", paramLabel = "FILE", description = "State, or stdin.", defaultValue = "alloc.json")
    private String allocInput = "";

    @Option(
            names = "--input.env",
            paramLabel = "FILE",
            description = "Environment, or stdin.",
            defaultValue = "env.json")
    private String envInput = "";

    @Option(
            names = "--input.txs",
            paramLabel = "FILE",
            description = "Transactions, or stdin; a file ending in .rlp holds RLP.",
            defaultValue = "txs.json")
    private String transactionsInput = "";

    @Option(
            names = "--output.basedir",
            paramLabel = "DIR",
            description = "Where output files go; made if need be.",
            defaultValue = ".")
    private Path folder = Path.of(".");

    @Option(
            names = "--output.alloc",
            paramLabel = "FILE",
            description = "State afterwards; stdout and stderr are those, nothing is none.",
            defaultValue = "alloc.json")
    private String allocOutput = "";

    @Option(names = "--output.result", paramLabel = "FILE", description = "Result.", defaultValue = "result.json")
    private String resultOutput = "";

    @Option(names = "--output.body", paramLabel = "FILE", description = "RLP of the transactions.", defaultValue = "")
    private String bodyOutput = "";

    @Option(
            names = "--state.fork",
            paramLabel = "FORK",
            description = "Rules, as the public tests name them (default: ${DEFAULT-VALUE}).",
            defaultValue = "Osaka")
    private String fork = "";

    @Option(names = "--state.chainid", paramLabel = "ID", description = "Chain id.", defaultValue = "1")
    private long chainId = 1;

    @Option(names = "--state.reward", paramLabel = "WEI", description = "Block reward; -1: none.", defaultValue = "0")
    private BigInteger reward = BigInteger.ZERO;

    @Option(names = "--trace", description = "Write EIP-3155 traces to trace-INDEX-HASH.jsonl.")
    private boolean trace;

    @Option(names = "--trace.memory", description = "Memory in the traces.")
    private boolean traceMemory;

    @Option(names = "--trace.nomemory", description = "No memory in the traces (the default).")
    private boolean traceNoMemory;

    @Option(names = "--trace.nostack", description = "No stack in the traces.")
    private boolean traceNoStack;

    @Option(names = "--trace.returndata", description = "Return data in the traces (the default).")
    private boolean traceReturnData;

    @Option(names = "--trace.noreturndata", description = "No return data in the traces.")
    private boolean traceNoReturnData;

    @Option(
            names = "--verbosity",
            paramLabel = "LEVEL",
            description = "Taken for the sake of scripts; changes nothing.")
    @SuppressWarnings("UnusedVariable") // picocli assigns it; what it says is not followed
    private int verbosity;

    @Override
    public Integer call() {
        if (TransitionTool.config(fork, chainId).isEmpty()) {
            return fail(CONFIGURATION_ERROR, "the fork " + fork + " is not known");
        }
        TransitionTool.Request request;
        try {
            request = request();
        } catch (JsonProcessingException e) {
            return fail(JSON_ERROR, "not JSON: " + e.getOriginalMessage());
        } catch (IOException e) {
            return fail(IO_ERROR, "cannot read: " + e);
        }
        try {
            Files.createDirectories(folder);
            Eip3155Writer.Contents contents = new Eip3155Writer.Contents(
                    traceMemory && !traceNoMemory, !traceNoStack, traceReturnData || !traceNoReturnData);
            try (TransitionTraces traces = new TransitionTraces(folder, trace, contents)) {
                write(TransitionTool.run(request, traces));
            }
            return 0;
        } catch (TransitionTool.MissingBlockHashException e) {
            return fail(MISSING_BLOCK_HASH, String.valueOf(e.getMessage()));
        } catch (InvalidBlockException e) {
            return fail(EVM_ERROR, e.reason());
        } catch (IllegalArgumentException | ArithmeticException e) {
            return fail(JSON_ERROR, String.valueOf(e.getMessage()));
        } catch (IOException | UncheckedIOException e) {
            return fail(IO_ERROR, String.valueOf(e.getMessage()));
        }
    }

    private int fail(int code, String reason) {
        spec.commandLine().getErr().println("ERROR(" + code + "): " + reason);
        return code;
    }

    private TransitionTool.Request request() throws IOException {
        boolean reads = allocInput.equals(STDIN) || envInput.equals(STDIN) || transactionsInput.equals(STDIN);
        JsonNode stdin = reads ? JSON.readTree(System.in) : MissingNode.getInstance();
        return new TransitionTool.Request(
                allocInput.equals(STDIN)
                        ? stdin.path("alloc")
                        : JSON.readTree(Path.of(allocInput).toFile()),
                envInput.equals(STDIN)
                        ? stdin.path("env")
                        : JSON.readTree(Path.of(envInput).toFile()),
                transactions(stdin),
                fork,
                chainId,
                reward.signum() < 0 ? Optional.empty() : Optional.of(Wei.of(reward)));
    }

    private JsonNode transactions(JsonNode stdin) throws IOException {
        if (transactionsInput.equals(STDIN)) {
            return stdin.hasNonNull("txsRlp") ? stdin.path("txsRlp") : stdin.path("txs");
        }
        Path file = Path.of(transactionsInput);
        if (transactionsInput.endsWith(".rlp")) {
            String text = Files.readString(file).strip();
            return TextNode.valueOf(text.replace("\"", ""));
        }
        return JSON.readTree(file.toFile());
    }

    private void write(TransitionTool.Result result) throws IOException {
        ObjectNode out = JsonNodeFactory.instance.objectNode();
        ObjectNode err = JsonNodeFactory.instance.objectNode();
        write("alloc", allocOutput, result.alloc(), out, err);
        write("result", resultOutput, result.result(), out, err);
        write("body", bodyOutput, TextNode.valueOf(result.body().toHexString()), out, err);
        if (!out.isEmpty()) {
            spec.commandLine().getOut().println(out.toPrettyString());
        }
        if (!err.isEmpty()) {
            spec.commandLine().getErr().println(err.toPrettyString());
        }
    }

    private void write(String name, String target, JsonNode value, ObjectNode out, ObjectNode err) throws IOException {
        switch (target) {
            case "" -> {}
            case STDOUT -> out.set(name, value);
            case STDERR -> err.set(name, value);
            default ->
                Files.writeString(
                        folder.resolve(target), value.isTextual() ? value.toString() : value.toPrettyString());
        }
    }
}
