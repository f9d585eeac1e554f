package io.engram.evm.precompile;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.engram.evm.fixture.Corpora;
import io.engram.genesis.Address;
import io.engram.genesis.fork.Fork;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** One call of a contract with what it must give; no output means that it must fail. */
record Vector(String name, byte[] input, Optional<byte[]> output, OptionalLong gas) {

    static Path corpus() {
        return Corpora.require("precompile-vectors");
    }

    static Precompile contract(int address, Fork fork) {
        Precompile contract = Precompiles.at(fork).get(new Address(0, 0, address));
        if (contract == null) {
            throw new IllegalArgumentException("no contract at " + address);
        }
        return contract;
    }

    /** The form of go-ethereum: a list of Input, Expected or ExpectedError, Gas, Name. */
    static List<Vector> json(Path file) {
        try {
            List<Vector> vectors = new ArrayList<>();
            for (JsonNode node : new ObjectMapper().readTree(file.toFile())) {
                vectors.add(new Vector(
                        node.path("Name").asText(),
                        bytes(node.path("Input").asText()),
                        node.has("ExpectedError")
                                ? Optional.empty()
                                : Optional.of(bytes(node.path("Expected").asText())),
                        node.has("Gas") ? OptionalLong.of(node.path("Gas").asLong()) : OptionalLong.empty()));
            }
            return vectors;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The form of Besu: lines of input, result, gas, notes; no result where the contract fails. */
    static List<Vector> csv(Path file) {
        try {
            List<Vector> vectors = new ArrayList<>();
            List<String> lines = Files.readAllLines(file);
            for (String line : lines.subList(1, lines.size())) {
                String[] cells = line.split(",", -1);
                boolean priced = cells.length > 2 && !cells[2].isBlank();
                vectors.add(new Vector(
                        "line " + (vectors.size() + 2),
                        bytes(cells[0]),
                        cells[1].isEmpty() ? Optional.empty() : Optional.of(bytes(cells[1])),
                        priced ? OptionalLong.of(Long.parseLong(cells[2].strip())) : OptionalLong.empty()));
            }
            return vectors;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static byte[] bytes(String hex) {
        String digits = hex.startsWith("0x") ? hex.substring(2) : hex;
        return HexFormat.of().parseHex(digits.strip());
    }

    static Vector of(String input, String output) {
        return new Vector("embedded", bytes(input), Optional.of(bytes(output)), OptionalLong.empty());
    }

    void check(Precompile contract) {
        // the gas listed for a failing call is what was offered, not a price
        if (gas.isPresent() && output.isPresent()) {
            assertThat(contract.gas(input)).as("gas of %s", name).isEqualTo(gas.getAsLong());
        }
        Optional<byte[]> actual = contract.run(input);
        assertThat(actual.map(HexFormat.of()::formatHex))
                .as("output of %s", name)
                .isEqualTo(output.map(HexFormat.of()::formatHex));
    }
}
