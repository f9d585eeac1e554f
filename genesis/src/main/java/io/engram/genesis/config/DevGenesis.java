package io.engram.genesis.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.engram.genesis.Address;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * The chain of {@code engram dev}: chain id 1337, every fork to Osaka and inference from block 0, the accounts of
 * {@link DevAccounts} with 10,000 ether each.
 */
public final class DevGenesis {

    private static final String RESOURCE = "dev-genesis.json";

    private DevGenesis() {}

    /** The genesis of a chain that this one validator seals. */
    public static GenesisFile of(Address validator) {
        return template().withValidators(List.of(validator));
    }

    /** The shipped file as text, without validators: a starting point for a network of one's own. */
    public static String text() {
        try (InputStream stream = DevGenesis.class.getResourceAsStream(RESOURCE)) {
            if (stream == null) {
                throw new IllegalStateException("the build lacks the resource io/engram/genesis/config/" + RESOURCE);
            }
            return new String(stream.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The shipped file; its extra data is that of no network yet ({@link GenesisFile#withValidators}). */
    public static GenesisFile template() {
        try {
            return GenesisFile.parse(text());
        } catch (InvalidGenesisException e) {
            throw new IllegalStateException("the shipped " + RESOURCE + " is wrong", e);
        }
    }
}
