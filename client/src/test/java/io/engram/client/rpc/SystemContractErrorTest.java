package io.engram.client.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.engram.genesis.crypto.Keccak256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.tuweni.bytes.Bytes;
import org.junit.jupiter.api.Test;

class SystemContractErrorTest {

    private static final Path SOURCES =
            Path.of(System.getProperty("engram.root", "..")).resolve("genesis/contracts/src");
    private static final Pattern ERROR = Pattern.compile("\\berror (\\w+)\\(([^)]*)\\);");

    @Test
    void everyErrorOfTheContractsIsKnown() throws IOException {
        List<String> declared = new ArrayList<>();
        for (String file : List.of("ModelRegistry.sol", "Inference.sol")) {
            Matcher errors = ERROR.matcher(Files.readString(SOURCES.resolve(file)));
            while (errors.find()) {
                String types = Arrays.stream(errors.group(2).split(","))
                        .map(parameter -> parameter.strip().split(" ")[0])
                        .collect(Collectors.joining(","));
                declared.add(errors.group(1) + "(" + types + ")");
            }
        }
        assertThat(Arrays.stream(SystemContractError.values()).map(SystemContractError::signature))
                .containsExactlyInAnyOrderElementsOf(declared);
    }

    @Test
    void anErrorIsTextWithItsArguments() {
        Bytes data = Bytes.concatenate(
                selector("WrongPrice(uint256,uint256)"),
                Bytes.fromHexString("0x" + String.format("%064x", 7)),
                Bytes.fromHexString("0x" + "f".repeat(64)));
        assertThat(SystemContractError.text(data).orElseThrow())
                .startsWith(
                        "WrongPrice(7, 1157920892373161954235709850086879078532699846656405640394575840079131296399");
        assertThat(SystemContractError.text(Bytes.concatenate(
                                selector("NotAuthor(address)"),
                                Bytes.fromHexString("0x" + "0".repeat(24) + "ab".repeat(20))))
                        .orElseThrow())
                .startsWith("NotAuthor(0x" + "ab".repeat(20) + ")");
    }

    @Test
    void otherDataIsNotOne() {
        assertThat(SystemContractError.text(Bytes.EMPTY)).isEmpty();
        assertThat(SystemContractError.text(selector("WrongPrice(uint256,uint256)")))
                .isEmpty();
        assertThat(SystemContractError.text(selector("Other()"))).isEmpty();
    }

    private static Bytes selector(String signature) {
        return Keccak256.hash(signature.getBytes(StandardCharsets.US_ASCII))
                .toBytes()
                .slice(0, 4);
    }
}
