/** Who the validators are: by votes in headers or by a contract, with the genesis file's transitions. */
@NullMarked
package io.engram.client.consensus.validator;

import org.jspecify.annotations.NullMarked;
