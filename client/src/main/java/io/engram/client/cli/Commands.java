package io.engram.client.cli;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine;

/** The subcommands by name. Adding one is adding its line here. */
final class Commands {

    /** @param command makes the picocli command object; called only when the command is used or listed */
    record Entry(String name, Supplier<Callable<Integer>> command) {}

    private static final List<Entry> ALL = List.of(
            new Entry("dev", DevCommand::new),
            new Entry("demo", DemoCommand::new),
            new Entry("blocks", BlocksCommand::new),
            new Entry("evm", EvmCommand::new),
            new Entry("bench", BenchCommand::new),
            new Entry("model", ModelCommand::new),
            new Entry("network", NetworkCommand::new),
            new Entry("public-key", PublicKeyCommand::new));

    private Commands() {}

    static Optional<Entry> find(String name) {
        return ALL.stream().filter(entry -> entry.name().equals(name)).findFirst();
    }

    static void addAll(CommandLine root) {
        ALL.forEach(entry -> root.addSubcommand(entry.name(), entry.command().get()));
    }
}
