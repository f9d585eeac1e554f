package io.engram.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The predeploys' bytecode belongs to the sources beside it. */
class ContractsTest {

    private static final Path GENESIS =
            Path.of(System.getProperty("engram.root", "..")).resolve("genesis");
    private static final Path COMPILED = GENESIS.resolve("src/main/resources/io/engram/genesis/system");

    @Test
    void theBytecodeWasCompiledFromTheSourcesAsTheyAre() throws IOException, NoSuchAlgorithmException {
        for (String line : Files.readAllLines(COMPILED.resolve("contracts.sha256"), StandardCharsets.UTF_8)) {
            String[] parts = line.split("  ", 2);
            byte[] source = Files.readAllBytes(GENESIS.resolve("contracts/src").resolve(parts[1]));
            String digest = HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(source));
            assertThat(digest)
                    .as(parts[1] + " changed: run npm ci && npm run build in genesis/contracts")
                    .isEqualTo(parts[0]);
        }
    }

    @Test
    void theGatewayHasNoOpcodeThatWritesOrCalls() throws IOException {
        byte[] code = HexFormat.of()
                .parseHex(Files.readString(COMPILED.resolve("gateway.hex"), StandardCharsets.UTF_8)
                        .strip());
        List<Integer> forbidden = List.of(0x55, 0x5d, 0xf0, 0xf1, 0xf2, 0xf4, 0xf5, 0xff);
        for (int pc = 0; pc < code.length; pc++) {
            int opcode = code[pc] & 0xff;
            assertThat(forbidden).as("opcode at %d", pc).doesNotContain(opcode);
            if (opcode >= 0x60 && opcode <= 0x7f) {
                pc += opcode - 0x5f;
            }
        }
    }
}
