/* errors.c -- telling failures apart, and finding out whether an unclear call arrived. */
#include "guide.h"

/* [decide] */
/* What a program does about a failed call. */
static const char *advice(eb_status st, const eb_response *response)
{
    switch (st) {
    case EB_INVALID:
        return "a mistake of ours: response->field names the member";
    case EB_API:
        return response->http_status == 409 ? "the name is taken" : "the service said no";
    case EB_MAYBE_SENT:
        return "find out before sending it again";
    case EB_NETWORK:
    case EB_TIMEOUT:
        return "nothing was carried out; try later";
    default:
        return "see response->message";
    }
}
/* [/decide] */

static void show_attempts(const eb_response *response)
{
    /* [attempts] */
    for (size_t i = 0; i < response->attempt_count; i++) {
        const eb_attempt *attempt = &response->attempts[i];

        printf("attempt %zu: HTTP %d, %s, then %lld ms of waiting\n", i + 1, attempt->http_status,
               eb_reason_text(attempt->reason), (long long)attempt->delay_ms);
    }
    /* [/attempts] */
}

int main(void)
{
    eb_client  *client   = edgegap_client();
    eb_response response = { 0 };
    int         failed   = 0;
    eb_status   st       = make_version(client, "shooter", "1.4.0");

    if (st != EB_OK)
        return 1;

    /* [missing] */
    st = edgegap_app_version_get(client,
                                 &(edgegap_app_version_get_params){ .app_name     = "shooter",
                                                                    .version_name = "9.9" },
                                 NULL, &response);
    if (st == EB_API && response.http_status == 404)
        printf("there is no such version: %s\n", response.message);
    /* [/missing] */
    failed += st != EB_API || response.http_status != 404;

    /* [typed] */
    const edgegap_error *said = edgegap_app_version_get_error(&response);

    if (said != NULL && said->message != NULL) /* NULL: no such body, or another call's response */
        printf("%s, %zu members at fault\n", said->message, said->errors.count);
    /* [/typed] */
    failed += said == NULL;
    printf("%s\n", advice(st, &response));

    /* [verify] */
    const edgegap_app_version_create_params params = {
        .app_name = "shooter",
        .body     = &(edgegap_app_version_create_body){ .name              = "1.5.0",
                                                        .docker_repository = "docker.io",
                                                        .docker_image      = "studio/shooter",
                                                        .docker_tag        = "1.5.0",
                                                        .req_cpu           = EB_INT(512),
                                                        .req_memory        = EB_INT(1024) },
    };

    st = edgegap_app_version_create(client, &params, NULL, &response);
    if (st == EB_MAYBE_SENT) { /* it left this machine, and no answer came back */
        st = edgegap_app_version_create_verify(client, &params, NULL, &response);
        if (st == EB_OK)
            puts("it had arrived");
        else if (st == EB_API && response.http_status == 404)
            puts("it had not: send it again");
    }
    /* [/verify] */
    failed += st != EB_OK;
    show_attempts(&response);

    /* [patience] */
    const edgegap_app_version_get_params patient = {
        .app_name     = "shooter",
        .version_name = "1.5.0",
        .options      = &(eb_call_options){ .retries = 5, .deadline_ms = 20000 },
    };

    st = edgegap_app_version_get(client, &patient, NULL, &response); /* throttled twice on its way */
    /* [/patience] */
    failed += st != EB_OK || response.attempt_count != 3;
    show_attempts(&response);

    /* [ticket] */
    puts(eb_response_print(&response)); /* for a ticket; no secret is in it */
    /* [/ticket] */
    eb_response_free(&response);
    eb_client_free(client);
    return failed;
}
