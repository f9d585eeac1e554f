package io.engram.client.cli;

import io.engram.genesis.Hash;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Which model a command is about. */
@SuppressWarnings("FieldCanBeFinal") // picocli assigns them
final class ModelIdParameter {

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec = CommandSpec.create();

    @Parameters(paramLabel = "ID", description = "The model's id.")
    private String id = "";

    /** @throws ParameterException when it is no id */
    Hash get() {
        try {
            return Hash.fromHex(id);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), id + " is no model id", e);
        }
    }
}
