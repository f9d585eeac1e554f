package io.engram.client.cli;

import io.engram.client.storage.DatabaseException;
import io.engram.evm.LocalFaultException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.IDefaultValueProvider;

/** Entry point. Exit codes: 0 success, 1 the command failed, 2 the command line is wrong. */
public final class Main {

    private static final int FAILURE = 1;

    private Main() {}

    public static void main(String[] args) {
        int code = run(args);
        if (code != 0) {
            System.exit(code);
        }
        // Running servers keep the process alive; a command that has ended leaves no such thread.
    }

    /** Runs a command as {@code main} does and returns its exit code. */
    public static int run(String... args) {
        Optional<Commands.Entry> named = args.length == 0 ? Optional.empty() : Commands.find(args[0]);
        if (named.isPresent()) {
            return execute(
                    new CommandLine(named.get().command().get()).setCommandName("engram " + args[0]),
                    Arrays.copyOfRange(args, 1, args.length));
        }
        CommandLine root = new CommandLine(new NodeCommand());
        if (args.length == 0 || isHelpOrUnknown(args[0])) {
            Commands.addAll(root);
        }
        if (args.length == 0) {
            root.usage(root.getOut());
            return 0;
        }
        return execute(root, args);
    }

    private static boolean isHelpOrUnknown(String first) {
        return first.equals("--help") || first.equals("-h") || first.equals("help") || !first.startsWith("-");
    }

    private static int execute(CommandLine line, String[] args) {
        line.setOut(new PrintWriter(System.out, true, StandardCharsets.UTF_8));
        line.setErr(new PrintWriter(System.err, true, StandardCharsets.UTF_8));
        try {
            line.setDefaultValueProvider(defaults(line, args));
        } catch (IOException | CommandFailedException e) {
            return report(e, line);
        }
        line.setExecutionExceptionHandler((failure, command, parsed) -> report(failure, command));
        return line.execute(args);
    }

    /** Where options come from that the command line does not give: the environment, then the configuration file. */
    private static IDefaultValueProvider defaults(CommandLine line, String[] args)
            throws IOException, CommandFailedException {
        EnvironmentDefaults environment = new EnvironmentDefaults(System.getenv());
        if (line.getCommandSpec().findOption(ConfigFile.OPTION) == null) {
            return environment;
        }
        Optional<Path> named = ConfigFile.named(args, System.getenv());
        if (named.isEmpty()) {
            return environment;
        }
        ConfigFile file = ConfigFile.read(named.get());
        file.requireKnown(line.getCommandSpec());
        return argument -> {
            String value = environment.defaultValue(argument);
            return value == null ? file.defaultValue(argument) : value;
        };
    }

    private static int report(Exception failure, CommandLine command) {
        command.getErr().println("engram: " + reason(failure));
        if (!isExpected(failure)) {
            failure.printStackTrace(command.getErr());
        }
        return FAILURE;
    }

    /** Failures whose message says all: the user's input, a disk, a port, another node. */
    private static boolean isExpected(Exception failure) {
        return failure instanceof CommandFailedException
                || failure instanceof IOException
                || failure instanceof UncheckedIOException
                || failure instanceof DatabaseException
                || failure instanceof LocalFaultException;
    }

    private static String reason(Exception failure) {
        if (failure instanceof NoSuchFileException missing) {
            return "no such file: " + missing.getFile();
        }
        if (failure instanceof AccessDeniedException denied) {
            return "no permission: " + denied.getFile();
        }
        return failure.getMessage() == null ? failure.toString() : failure.getMessage();
    }
}
