package io.engram.client.cli;

import io.engram.genesis.Address;
import java.io.PrintWriter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Whose a model is: part of its file, and so of its id. */
@SuppressWarnings("FieldCanBeFinal") // picocli assigns them
final class AuthorOptions {

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--author",
            paramLabel = "ADDRESS",
            description = "Who earns the royalties; part of the file, and needed to publish it.",
            defaultValue = "0x0000000000000000000000000000000000000000")
    private String author = "";

    @Option(
            names = "--royalty",
            paramLabel = "PARTS",
            description = "What the author asks for, in 1/65536 of the base fee; part of the file"
                    + " (default: ${DEFAULT-VALUE}).",
            defaultValue = "0")
    private int royalty;

    Address author() {
        try {
            return Address.fromHex(author);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "not an address: " + author, e);
        }
    }

    int royalty() {
        return royalty;
    }

    /** Says what a file without author cannot do. */
    void warn(PrintWriter err) {
        if (author().equals(Address.ZERO)) {
            err.println("The model names no author: it cannot be published. Import with --author ADDRESS for that.");
            err.flush();
        }
    }
}
