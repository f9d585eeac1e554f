package io.engram.client.cli;

import io.engram.client.conformance.CodeRun;
import io.engram.client.conformance.Eip3155Writer;
import io.engram.genesis.Address;
import io.engram.genesis.Wei;
import io.engram.genesis.fork.Fork;
import java.io.IOException;
import java.io.PrintWriter;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.tuweni.bytes.Bytes;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Runs one piece of code. */
@Command(
        name = "run",
        description = "Run code in an empty world and print what it returns.",
        mixinStandardHelpOptions = true,
        versionProvider = VersionProvider.class)
final class EvmRunCommand implements Callable<Integer> {

    private static final int FAILED = 1;

    @Spec
    @SuppressWarnings("FieldCanBeFinal") // picocli assigns it
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--code", paramLabel = "HEX", description = "The code.")
    private Optional<String> code = Optional.empty();

    @Option(names = "--codefile", paramLabel = "FILE", description = "File that holds the code in hexadecimal.")
    private Optional<Path> codeFile = Optional.empty();

    @Option(names = "--input", paramLabel = "HEX", description = "Call data.", defaultValue = "0x")
    private String input = "0x";

    @Option(
            names = "--gas",
            paramLabel = "GAS",
            description = "Gas of the call; there is no intrinsic gas (default: ${DEFAULT-VALUE}).",
            defaultValue = "10000000000")
    private long gas = 10_000_000_000L;

    @Option(
            names = "--sender",
            paramLabel = "ADDRESS",
            description = "Who calls (default: ${DEFAULT-VALUE}).",
            defaultValue = "0x000000000000000000000000000073656e646572")
    private String sender = "";

    @Option(
            names = "--receiver",
            paramLabel = "ADDRESS",
            description = "Where the code is (default: ${DEFAULT-VALUE}).",
            defaultValue = "0x0000000000000000000000007265636569766572")
    private String receiver = "";

    @Option(names = "--value", paramLabel = "WEI", description = "Wei sent with the call.", defaultValue = "0")
    private BigInteger value = BigInteger.ZERO;

    @Option(names = "--fork", paramLabel = "FORK", description = "Rules (default: OSAKA).", defaultValue = "OSAKA")
    private Fork fork = Fork.OSAKA;

    @Option(names = "--create", description = "Run the code as init code.")
    private boolean create;

    @Option(names = "--trace", description = "Print an EIP-3155 line for each instruction first.")
    private boolean trace;

    @Option(names = "--memory", description = "Memory in the trace.")
    private boolean memory;

    @Option(names = "--json", description = "Print the result as JSON.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        CodeRun.Request request;
        try {
            request = new CodeRun.Request(
                    bytes(source()),
                    bytes(input),
                    gas,
                    Address.fromHex(sender),
                    Address.fromHex(receiver),
                    Wei.of(value),
                    fork,
                    create);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
        Optional<Eip3155Writer> writer = trace
                ? Optional.of(new Eip3155Writer(out, new Eip3155Writer.Contents(memory, true, true)))
                : Optional.empty();
        CodeRun.Result result = CodeRun.run(request, writer);
        if (json) {
            Map<String, Object> line = new LinkedHashMap<>();
            line.put("output", result.output().toHexString());
            line.put("gasUsed", "0x" + Long.toHexString(result.gasUsed()));
            result.error().ifPresent(error -> line.put("error", error));
            out.println(Eip3155Writer.line(line));
        } else {
            out.println(result.output().toHexString());
            result.error().ifPresent(error -> out.println("error: " + error));
        }
        return result.error().isEmpty() ? 0 : FAILED;
    }

    private String source() throws IOException {
        if (code.isPresent() == codeFile.isPresent()) {
            throw new ParameterException(spec.commandLine(), "Say either --code or --codefile");
        }
        return code.isPresent()
                ? code.get()
                : Files.readString(codeFile.orElseThrow()).strip();
    }

    private static Bytes bytes(String hex) {
        return Bytes.fromHexString(hex.startsWith("0x") ? hex : "0x" + hex);
    }
}
