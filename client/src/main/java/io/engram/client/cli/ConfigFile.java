package io.engram.client.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.tuweni.toml.Toml;
import org.apache.tuweni.toml.TomlArray;
import org.apache.tuweni.toml.TomlParseResult;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Options from a TOML file, as Besu reads them: each key is an option's long name without its dashes, a list is an
 * array. Relative paths in it are relative to the working directory, as on the command line.
 */
final class ConfigFile implements IDefaultValueProvider {

    /** The option that names the file, and what it is called in the environment. */
    static final String OPTION = "--config-file";

    /** No configuration file may be larger, in bytes. */
    private static final long MAX_SIZE = 1 << 20;

    private final Path file;
    private final Map<String, String> values;

    private ConfigFile(Path file, Map<String, String> values) {
        this.file = file;
        this.values = Map.copyOf(values);
    }

    /** The file that the command line or, failing that, the environment names. */
    static Optional<Path> named(String[] args, Map<String, String> environment) {
        for (int i = 0; i < args.length; i++) {
            if (args[i].startsWith(OPTION + "=")) {
                return Optional.of(Path.of(args[i].substring(OPTION.length() + 1)));
            }
            if (args[i].equals(OPTION) && i + 1 < args.length) {
                return Optional.of(Path.of(args[i + 1]));
            }
        }
        return Optional.ofNullable(environment.get(EnvironmentDefaults.variable(OPTION)))
                .map(Path::of);
    }

    /**
     * @throws IOException when the file cannot be read
     * @throws CommandFailedException when it is not TOML or a value is no text, number, truth value or list of them
     */
    static ConfigFile read(Path file) throws IOException, CommandFailedException {
        if (Files.size(file) > MAX_SIZE) {
            throw new CommandFailedException(file + " is larger than " + MAX_SIZE + " bytes");
        }
        TomlParseResult toml = Toml.parse(Files.readString(file));
        if (toml.hasErrors()) {
            throw new CommandFailedException(
                    file + ": " + toml.errors().getFirst().toString());
        }
        Map<String, String> values = new LinkedHashMap<>();
        for (String key : toml.keySet()) {
            Object value = toml.get(List.of(key));
            values.put(key, text(value).orElseThrow(() -> unusable(file, key)));
        }
        return new ConfigFile(file, values);
    }

    private static CommandFailedException unusable(Path file, String key) {
        return new CommandFailedException(file + ": " + key + " is no text, number, truth value or list of them");
    }

    private static Optional<String> text(@Nullable Object value) {
        return switch (value) {
            case TomlArray list -> list(list);
            case String text -> Optional.of(text);
            case Long number -> Optional.of(number.toString());
            case Double number -> Optional.of(number.toString());
            case Boolean truth -> Optional.of(truth.toString());
            case null, default -> Optional.empty();
        };
    }

    private static Optional<String> list(TomlArray list) {
        List<Optional<String>> items =
                list.toList().stream().map(ConfigFile::text).toList();
        return items.stream().allMatch(Optional::isPresent)
                ? Optional.of(items.stream().flatMap(Optional::stream).collect(Collectors.joining(",")))
                : Optional.empty();
    }

    /** @throws CommandFailedException when the file has a key that is no option of the command */
    void requireKnown(CommandSpec command) throws CommandFailedException {
        for (String key : values.keySet()) {
            if (command.findOption("--" + key) == null || OPTION.equals("--" + key)) {
                throw new CommandFailedException(file + ": unknown option " + key);
            }
        }
    }

    @Override
    public @Nullable String defaultValue(ArgSpec argument) {
        if (argument instanceof OptionSpec option && option.longestName().startsWith("--")) {
            return values.get(option.longestName().substring(2));
        }
        return null;
    }
}
