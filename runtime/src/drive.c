/* drive.c -- the driver that blocks: it sends, waits and tells the machine of call.c what came of it. */
#include <string.h>

#include "call.h"
#include "memory.h"
#include "response.h"

eb_status eb__call_run(const eb_call_input *input, const void **value, eb_response *response)
{
    const eb_transport *transport = &input->client->transport;
    eb_call             call;
    eb_step             step = eb__call_start(&call, input, response);
    eb_status           status;

    while (step != EB_STEP_DONE) {
        if (step == EB_STEP_SEND) {
            step = eb__call_attempted(&call, transport->exchange(transport->context, &call.exchange));
        } else {
            eb__sleep(&input->client->clock, call.sleep_ms, call.exchange.cancel);
            step = eb__call_timer(&call);
        }
    }
    if (input->ended != NULL)
        input->ended(input->context, &call);
    status = call.status;
    if (status == EB_OK && value != NULL)
        *value = call.value;
    eb__call_end(&call);
    return status;
}

eb_status eb_call_operation(eb_client *client, const eb_operation *operation, const void *params,
                            const void **value, eb_response *response)
{
    eb_response   own = { 0 };
    eb_call_input input;
    void         *nothing = NULL;
    eb_status     st;

    if (client == NULL || operation == NULL)
        return eb__response_refuse(response, EB_INVALID,
                                   client == NULL ? "client: expected one, got NULL"
                                                  : "operation: expected one, got NULL");
    if (response == NULL && value != NULL)
        return EB_INVALID;
    if (params == NULL) {
        nothing = eb__alloc(&client->allocator, operation->params->size);
        if (nothing == NULL)
            return eb__response_refuse(response, EB_NOMEM, eb_status_text(EB_NOMEM));
        memset(nothing, 0, operation->params->size);
        params = nothing;
    }
    input = (eb_call_input){ .client    = client,
                             .api       = client->api,
                             .operation = operation,
                             .params    = params,
                             .options   = eb__params_options(params),
                             .plain     = true };
    st    = eb__call_run(&input, value, response != NULL ? response : &own);
    eb_response_free(&own);
    eb__release(&client->allocator, nothing, operation->params->size);
    return st;
}
