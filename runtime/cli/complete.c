/* complete.c -- completion: a short script for each shell, which asks `eb complete -- WORD ...` for what the last
 * word may become: a line each, a tab and a description behind it. Nothing means a file. */
#include <stdio.h>
#include <string.h>

#include "cli.h"

static const char bash[] = "# eb completion bash >~/.local/share/bash-completion/completions/eb\n"
                           "_eb() {\n"
                           "    local line\n"
                           "    COMPREPLY=()\n"
                           "    while IFS= read -r line; do\n"
                           "        COMPREPLY+=(\"${line%%$'\\t'*}\")\n"
                           "    done < <(\"${COMP_WORDS[0]}\" complete -- \"${COMP_WORDS[@]:1:COMP_CWORD}\" 2>/dev/null)\n"
                           "}\n"
                           "complete -o default -F _eb eb\n";

static const char zsh[] =
    "#compdef eb\n"
    "# eb completion zsh >DIRECTORY_OF_FPATH/_eb\n"
    "_eb() {\n"
    "    local -a names shown\n"
    "    local line\n"
    "    for line in \"${(@f)$(\"${words[1]}\" complete -- \"${(@)words[2,CURRENT]}\" 2>/dev/null)}\"; do\n"
    "        [[ -n $line ]] || continue\n"
    "        names+=(\"${line%%$'\\t'*}\")\n"
    "        shown+=(\"${line/$'\\t'/  -- }\")\n"
    "    done\n"
    "    if (( $#names )); then compadd -l -d shown -a names; else _files; fi\n"
    "}\n"
    "if [[ ${funcstack[1]} == _eb ]]; then _eb \"$@\"; else compdef _eb eb; fi\n";

static const char fish[] = "# eb completion fish >~/.config/fish/completions/eb.fish\n"
                           "function __eb_complete\n"
                           "    set -l words (commandline -opc)\n"
                           "    set -l current (commandline -ct)\n"
                           "    set -l found ($words[1] complete -- $words[2..-1] \"$current\" 2>/dev/null)\n"
                           "    if set -q found[1]\n"
                           "        printf '%s\\n' $found\n"
                           "    else\n"
                           "        __fish_complete_path \"$current\"\n"
                           "    end\n"
                           "end\n"
                           "complete -c eb -f -k -a '(__eb_complete)'\n";

cli_exit cli_completion(int count, char **words)
{
    static const struct {
        const char *shell, *script;
    } scripts[] = { { "bash", bash }, { "zsh", zsh }, { "fish", fish } };

    if (count == 0)
        return cli_fail(CLI_USAGE, "completion: expected bash, zsh or fish, got none");
    if (count > 1)
        return cli_fail(CLI_USAGE, "completion: expected one shell, got \"%.60s\" too", words[1]);
    if (strcmp(words[0], "--help") == 0 || strcmp(words[0], "-h") == 0) {
        cli_help_top();
        return CLI_OK;
    }
    for (size_t i = 0; i < 3; i++)
        if (strcmp(scripts[i].shell, words[0]) == 0)
            return fputs(scripts[i].script, stdout) >= 0 ? CLI_OK : CLI_OUTPUT;
    return cli_fail(CLI_USAGE, "completion: expected bash, zsh or fish, got \"%.60s\"", words[0]);
}

typedef struct offer {
    const char *start;  /* what there is of the word */
    const char *before; /* put in front of each: "--output=" */
    cli_text    out;
} offer;

static void offer_one(offer *o, const char *word, const char *text)
{
    if (strncmp(word, o->start, strlen(o->start)) != 0)
        return;
    cli_printf(&o->out, "%s%s", o->before, word);
    if (*text != '\0')
        cli_printf(&o->out, "\t%.*s", (int)strcspn(text, "\n"), text);
    cli_puts(&o->out, "\n");
}

static void offer_choice(void *context, const char *text)
{
    offer_one(context, text, "");
}

static bool offer_call(void *context, const cli_call *call)
{
    cli_text word = { 0 };

    (void)cli_operation_word(call, &word);
    offer_one(context, cli_str(&word), call->link != NULL ? "" : call->text->summary);
    cli_text_free(&word);
    return true;
}

/* ---- Options ----------------------------------------------------------------------------------- */

static void offer_members(offer *o, const cli_call *call, const eb_type *type,
                          const eb_field *without, const char *path)
{
    for (uint16_t i = 0; type != NULL && i < type->row_count; i++) {
        const eb_field *row  = &type->rows[i];
        cli_text        name = { 0 };

        if (row == without || row->json_len == 0 || (row->flags & EB_READ_ONLY) != 0)
            continue;
        cli_printf(&name, "--%s", path);
        cli_option_name(&name, call, type, row);
        offer_one(o, cli_str(&name), cli_help_member(call->help, type, row)->text);
        cli_text_free(&name);
    }
}

/* The rows that "--session-config." leads into; NULL: none. */
static const eb_field *row_of(const cli_call *call, const char *name, size_t len)
{
    const eb_type  *body = cli_body_type(call->operation);
    const eb_field *row  = NULL;

    for (size_t at = 0; at < len;) {
        const char  *dot  = memchr(name + at, '.', len - at);
        const size_t part = dot != NULL ? (size_t)(dot - name) - at : len - at;

        if (at == 0) {
            row = cli_row(call->operation->params, name, part);
            if (row == NULL && body != NULL)
                row = cli_row(body, name, part);
        } else if (cli_element(row) != NULL) {
            row = cli_element(row);
        } else {
            row = cli_struct_of(row) != NULL ? cli_row(cli_struct_of(row), name + at, part) : NULL;
        }
        if (row == NULL)
            return NULL;
        at += part + 1;
    }
    return row;
}

static void offer_options(offer *o, const cli_call *call)
{
    const char *name = o->start + (strncmp(o->start, "--", 2) == 0 ? 2 : strlen(o->start));
    const char *dot  = strrchr(name, '.');

    if (call != NULL && dot != NULL) {
        const eb_field *row  = row_of(call, name, (size_t)(dot - name));
        char           *path = cli_dup(name, (size_t)(dot - name) + 1);

        if (row != NULL)
            offer_members(o, call, cli_struct_of(row), NULL, path);
        cli_free(path);
        return;
    }
    if (call != NULL) {
        offer_members(o, call, call->operation->params, cli_body_row(call->operation), "");
        offer_members(o, call, cli_body_type(call->operation), NULL, "");
        if (call->link != NULL)
            offer_one(o, "--file", "What to upload, as @PATH");
    }
    for (const cli_option *option = cli_options; option->name != NULL; option++) {
        cli_text word = { 0 };

        cli_printf(&word, "--%s", option->name);
        if (call != NULL && call->operation->wait_count == 0 && strcmp(option->name, "wait") == 0)
            ; /* for nothing */
        else if (call == NULL || !cli_param_known(call, option->name, strlen(option->name)))
            offer_one(o, cli_str(&word), option->text);
        cli_text_free(&word);
    }
}

static const cli_option *option_of_letter(const char *word)
{
    for (const cli_option *option = cli_options; option->name != NULL; option++)
        if (option->letter != 0 && option->letter == word[1] && word[2] == '\0')
            return option;
    return NULL;
}

/* What may follow an option. */
static void offer_values(offer *o, const cli_call *call, const char *name, size_t len)
{
    const eb_field *row = call != NULL && cli_param_known(call, name, len) ? row_of(call, name, len)
                                                                           : NULL;
    const cli_option *option = row == NULL ? cli_option_find(name, len) : NULL;
    const char       *at     = option != NULL ? option->choices : NULL;

    if (row != NULL && cli_element(row) != NULL)
        row = cli_element(row);
    if (row != NULL)
        cli_each_choice(row, offer_choice, o);
    if (option != NULL && call != NULL && strcmp(option->name, "wait") == 0)
        for (size_t i = 0; i < call->operation->wait_count; i++)
            offer_one(o, call->operation->waits[i].id, "");
    while (at != NULL && *at != '\0') {
        char *word = cli_dup(at, strcspn(at, " "));

        offer_one(o, word, "");
        at += strlen(word) + (at[strlen(word)] == ' ');
        cli_free(word);
    }
}

/* ---- Where the last word stands ------------------------------------------------------------------ */

static bool takes_value(const cli_call *call, const char *word)
{
    const cli_option *option;

    if (word[0] != '-' || strchr(word, '=') != NULL)
        return false;
    if (word[1] != '-') {
        option = option_of_letter(word);
        return option != NULL && option->value != NULL;
    }
    if (call != NULL && cli_param_known(call, word + 2, strlen(word + 2)))
        return true;
    option = cli_option_find(word + 2, strlen(word + 2));
    return option != NULL && option->value != NULL;
}

cli_exit cli_complete(int count, char **words)
{
    const eb_help *help  = NULL;
    cli_call       call  = { 0 };
    bool           found = false, shells = false;
    const char    *option = NULL;
    const char    *last;
    offer          o      = { "", "", { 0 } };
    char          *before = NULL;

    if (count > 0 && strcmp(words[0], "--") == 0) { /* of the scripts */
        words++;
        count--;
    }
    last    = count > 0 ? words[count - 1] : "";
    o.start = last;
    for (int i = 0; i + 1 < count; i++) {
        if (takes_value(found ? &call : NULL, words[i])) {
            option = i + 2 == count ? words[i] : NULL;
            i++;
        } else if (words[i][0] == '-') {
            continue;
        } else if (help == NULL) {
            help   = cli_api_find(words[i]);
            shells = strcmp(words[i], "completion") == 0;
            if (help == NULL && !shells)
                return CLI_OK;
        } else if (!found) {
            found = cli_call_find(help, words[i], &call);
        }
    }
    if (option != NULL) {
        const char *name = option[1] == '-' ? option + 2 : option_of_letter(option)->name;

        offer_values(&o, found ? &call : NULL, name, strlen(name));
    } else if (strncmp(last, "--", 2) == 0 && strchr(last, '=') != NULL) {
        const size_t name = strcspn(last, "=");

        before   = cli_dup(last, name + 1);
        o.before = before;
        o.start  = last + name + 1;
        offer_values(&o, found ? &call : NULL, last + 2, name - 2);
    } else if (last[0] == '-') {
        offer_options(&o, found ? &call : NULL);
    } else if (shells) {
        offer_one(&o, "bash", "");
        offer_one(&o, "zsh", "");
        offer_one(&o, "fish", "");
    } else if (help == NULL) {
        for (size_t i = 0; eb_helps[i] != NULL; i++)
            offer_one(&o, eb_helps[i]->api->name, eb_helps[i]->api->title);
        offer_one(&o, "completion", "Completion for a shell");
    } else if (!found) {
        cli_each_call(help, offer_call, &o);
    }
    (void)fwrite(cli_str(&o.out), 1, o.out.len, stdout);
    cli_free(before);
    cli_text_free(&o.out);
    return CLI_OK;
}
